import { signal, useComputed, type ReadonlySignal, type Signal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { call, type Item, type Route } from './api'
import { useHeld, type Held } from './list'
import type { Routes } from './wire'

export type ListRoute = { [R in Extract<Route, `GET ${string}`>]: Routes[R]['out'] extends { items: unknown[]; next: string | null } ? R : never }[Extract<Route, `GET ${string}`>]

export interface Pages<T> extends Omit<Held<{ items: T[] }>, 'data'> {
  data: ReadonlySignal<{ items: T[] } | undefined>
  hasMore: ReadonlySignal<boolean>
  loadingMore: Signal<boolean>
  loadMore(): Promise<void>
}

/** A list with a `next` cursor: the first page comes from the cache and can be read without signal, further pages when the person asks for them. */
export function usePages<R extends ListRoute>(route: R, query: Routes[R]['query'] = {} as Routes[R]['query']): Pages<Item<R>> {
  type T = Item<R>
  const first = useHeld(route, { query }) as unknown as Held<{ items: T[]; next: string | null }>
  const rest = useMemo(() => ({ page: signal<{ items: T[]; next: string | null } | null>(null), loading: signal(false), of: signal<unknown>(null) }), [first])
  // A refreshed first page starts the list anew: old further pages could repeat or miss rows.
  const further = useComputed(() => rest.of.value === first.data.value ? rest.page.value : null)
  const data = useComputed(() => first.data.value && { items: [...first.data.value.items, ...further.value?.items ?? []] })
  const next = useComputed(() => further.value ? further.value.next : first.data.value?.next ?? null)
  const loadMore = async () => {
    if (!next.value || rest.loading.value) return
    rest.loading.value = true
    try {
      const of = first.data.value
      const before = further.value?.items ?? []
      const page = await (call as (route: Route, options: unknown) => Promise<{ items: T[]; next: string | null }>)(route, { query: { ...query, cursor: next.value } })
      rest.of.value = of
      rest.page.value = { items: [...before, ...page.items], next: page.next }
    } catch (error) {
      first.error.value = error instanceof Error ? error.message : '没有取到'
    } finally {
      rest.loading.value = false
    }
  }
  return { ...first, data, hasMore: useComputed(() => next.value !== null), loadingMore: rest.loading, loadMore }
}
