import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { useSignal } from '@preact/signals'
import type { Pages } from '../pages'
import { Icon } from './icons'
import { AsOf, Loading } from './notes'

/** Rows of a list with everything around them: first load, cached age, 404, further pages as one scrolls. */
export function Listing<T extends { id: string }>({ pages, items, render, empty }: { pages: Pages<T>; items?: T[]; render: (item: T) => ComponentChildren; empty: ComponentChildren }) {
  const shown = items ?? pages.data.value?.items ?? []
  const loaded = pages.data.value !== undefined
  if (!loaded && !shown.length) return pages.loading.value ? <Loading /> : <AsOf at={null} error={pages.error.value} />
  return <>
    {shown.length ? <div class="weui-cells">{shown.map(item => render(item))}</div> : empty}
    {pages.hasMore.value ? <More load={pages.loadMore} busy={pages.loadingMore.value} /> : null}
    <AsOf at={pages.asOf.value} error={pages.error.value} />
  </>
}

/** Loads when it comes into sight, and by a tap where that is not seen. */
function More({ load, busy }: { load: () => Promise<void>; busy: boolean }) {
  const here = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (typeof IntersectionObserver === 'undefined') return
    const watch = new IntersectionObserver(seen => { if (seen.some(one => one.isIntersecting)) void load() }, { rootMargin: '400px' })
    watch.observe(here.current!)
    return () => watch.disconnect()
  })
  return <button type="button" ref={here} class="loading more" onClick={() => void load()}>{busy ? <><span class="spinner" />正在加载</> : '更多'}</button>
}

/** Calls back 400 ms after the last key, so that a slow network is not asked for every letter. */
export function Search({ value, onSearch, placeholder = '搜索' }: { value: string; onSearch: (words: string) => void; placeholder?: string }) {
  const typed = useSignal(value)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  return (
    <div class="search" role="search">
      <label class="search__box"><Icon name="search" />
        <input type="search" aria-label={placeholder} placeholder={placeholder} value={typed.value} enterKeyHint="search" onInput={event => {
          typed.value = event.currentTarget.value
          clearTimeout(timer.current)
          timer.current = setTimeout(() => onSearch(typed.value.trim()), 400)
        }} />
      </label>
    </div>
  )
}

/** Two or three views of one tab, each with an address of its own. */
export function Segments({ items, current }: { items: { to: string; words: string }[]; current: string }) {
  return <nav class="segments" aria-label="切换">{items.map(item => <a key={item.to} class="segment" href={item.to} data-replace aria-current={item.to === current ? 'page' : undefined}>{item.words}</a>)}</nav>
}
