import { useSignal } from '@preact/signals'
import type { Item } from '../api'
import { usePages, type ListRoute } from '../pages'
import type { Routes } from '../wire'
import { Cell } from './cells'
import { Listing, Search } from './listing'
import { Empty } from './notes'
import { open } from './overlay'
import { Icon } from './icons'

export interface Picking<R extends ListRoute> {
  title: string
  query?: Routes[R]['query']
  show: (item: Item<R>) => { title: string; desc?: string }
  /** What the answers leave out: a person who already serves, say. */
  only?: (item: Item<R>) => boolean
  empty?: string
  /** What the search begins with; cleared, it shows all. */
  q?: string
  /** What the search takes. */
  by?: string
}

/** One of a server's list, found by its name; undefined when it was waved away. Over the whole window, because lists are long. */
export function pickFrom<R extends ListRoute>(route: R, picking: Picking<R>): Promise<Item<R> | undefined> {
  return open<Item<R>>(close => <Picker route={route} picking={picking} onPick={close} />)
}

function Picker<R extends ListRoute>({ route, picking, onPick }: { route: R; picking: Picking<R>; onPick: (item?: Item<R>) => void }) {
  const q = useSignal(picking.q ?? '')
  const pages = usePages(route, { ...picking.query, ...(q.value ? { q: q.value } : {}) } as Routes[R]['query'])
  const found = (pages.data.value?.items ?? []).filter(item => picking.only?.(item) ?? true) as (Item<R> & { id: string })[]
  return (
    <div class="picker" role="dialog" aria-modal="true" aria-label={picking.title}>
      <div class="page">
        <header class="bar"><div class="bar__side"><button type="button" class="bar__button" aria-label="返回" onClick={() => onPick()}><Icon name="back" /></button></div><h1 class="bar__title">{picking.title}</h1><div class="bar__side" /></header>
        <div class="page__body">
          <Search value={q.peek()} onSearch={words => { q.value = words }} placeholder={picking.by ?? '按名称查找'} />
          <Listing key={q.value} pages={pages as never} items={found} empty={<Empty title="没有找到" text={picking.empty ?? '换个词再试'} />} render={item => {
            const { title, desc } = picking.show(item)
            return <Cell key={item.id} title={title} desc={desc} onClick={() => onPick(item)} />
          }} />
        </div>
      </div>
    </div>
  )
}
