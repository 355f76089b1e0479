import { computed, signal } from '@preact/signals'
import type { ComponentType } from 'preact'
import type { Role } from './person'

/** Paths of the History API: the phone's own back gesture is our back. */
export interface Place { path: string; query: URLSearchParams; key: string; forward: boolean }

/** What stands in the path of a page. */
export interface Params { id?: string; code?: string }

export interface Route {
  /** /visits/:id, a colon names one of Params */
  path: string
  page: ComponentType<Params>
  /** Root of a tab, which shows the tab bar. */
  tab?: 'today' | 'ledger' | 'meetings' | 'me'
  /** On a wide screen this path's page stands beside it. */
  beside?: string
  /** Reachable without signing in. */
  open?: boolean
  /** The whole window, without bars and without a second column: the big screen of a meeting. */
  bare?: boolean
  /** Who has this page; everyone who is signed in when absent. */
  roles?: Role[]
}

const read = (forward: boolean): Place => ({
  path: location.pathname, query: new URLSearchParams(location.search), forward,
  key: (history.state as { key?: string } | null)?.key ?? 'first',
})

export const place = signal<Place>(read(false))
export const query = computed(() => place.value.query)

let routes: Route[] = []
let closeTop: () => boolean = () => false
let returning = false
let depth = 0

export function startRouter(all: Route[]): void {
  routes = all
  history.scrollRestoration = 'manual'
  window.addEventListener('popstate', onPop)
  document.addEventListener('click', onClick)
}

/** A sheet, dialog or picture on top takes the back gesture first. */
export function onBack(close: () => boolean): void {
  closeTop = close
}

function onPop(): void {
  if (returning) {
    returning = false
    return
  }
  if (closeTop()) {
    returning = true
    history.forward()
    return
  }
  depth = Math.max(0, depth - 1)
  place.value = read(false)
}

/** Plain links inside the app are followed without loading it anew. */
function onClick(event: MouseEvent): void {
  const link = (event.target as Element | null)?.closest?.('a')
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || link.target || link.hasAttribute('download')) return
  const url = new URL(link.href, location.href)
  if (url.origin !== location.origin || !match(url.pathname)) return
  event.preventDefault()
  go(url.pathname + url.search)
}

export function go(to: string, { replace = false }: { replace?: boolean } = {}): void {
  const key = Math.random().toString(36).slice(2)
  if (replace) history.replaceState({ key }, '', to)
  else {
    history.pushState({ key }, '', to)
    depth += 1
  }
  place.value = read(!replace)
}

/** Back where the person came from; opened by a link from outside there is nothing behind us, so go up instead. */
export function back(up = '/'): void {
  if (depth > 0) history.back()
  else go(up, { replace: true })
}

export interface Match { route: Route; params: Record<string, string> }

export function match(path: string): Match | undefined {
  const parts = path.split('/')
  for (const route of routes) {
    const wanted = route.path.split('/')
    if (wanted.length !== parts.length) continue
    const params: Record<string, string> = {}
    const fits = wanted.every((part, i) => {
      if (!part.startsWith(':')) return part === parts[i]
      params[part.slice(1)] = decodeURIComponent(parts[i]!)
      return parts[i] !== ''
    })
    if (fits) return { route, params }
  }
  return undefined
}
