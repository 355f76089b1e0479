import { signal, useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { back, place } from '../router'
import { Icon } from './icons'
import { Loading, Strip } from './notes'

/** One screen: title bar with back and one action, a body that scrolls, an optional foot for the main button. */
export interface PageProps {
  title: string
  /** Where back goes when the app was opened right here; absent on the roots of tabs. */
  up?: string
  right?: ComponentChildren
  /** Between bar and body: segments, a strip. It does not scroll. */
  head?: ComponentChildren
  foot?: ComponentChildren
  /** A form whose draft another window is writing: it can be read, and says why it cannot be changed. */
  elsewhere?: { elsewhere: { value: boolean }; takeOver: () => void }
  onRefresh?: () => Promise<unknown>
  children: ComponentChildren
}

export function Page({ title, up, right, head, foot, elsewhere, onRefresh, children }: PageProps) {
  const locked = elsewhere?.elsewhere.value === true
  const forward = place.value.forward && up !== undefined
  useEffect(() => { document.title = `${title} · 红领通` }, [title])
  return (
    <div class={`page ${forward ? 'page_in' : ''}`}>
      <header class="bar">
        <div class="bar__side">{up !== undefined && <button type="button" class="bar__button" aria-label="返回" onClick={() => back(up)}><Icon name="back" /></button>}</div>
        {title ? <h1 class="bar__title">{title}</h1> : <span class="bar__title" />}
        <div class="bar__side">{right}</div>
      </header>
      {head}
      {locked && <Strip kind="wait" onClick={elsewhere.takeOver}>这份草稿正在另一个窗口里填写，点这里改在这个窗口继续</Strip>}
      <Body onRefresh={onRefresh} inert={locked}>{children}</Body>
      {foot && <footer class="page__foot" inert={locked}>{foot}</footer>}
    </div>
  )
}

/** The button at the right of the title bar. */
export function BarButton({ label, onClick, children }: { label: string; onClick: () => void; children?: ComponentChildren }) {
  return <button type="button" class="bar__button" aria-label={label} onClick={onClick}>{children ?? label}</button>
}

const offsets = new Map<string, number>()
const PULL_MOST = 90
const PULL_ENOUGH = 50

/** Scrolls, remembers where it stood for the way back, and is pulled down to refresh. */
function Body({ onRefresh, inert, children }: { onRefresh: (() => Promise<unknown>) | undefined; inert: boolean; children: ComponentChildren }) {
  const body = useRef<HTMLDivElement>(null)
  const pulled = useSignal(0)
  const busy = useSignal(false)
  const key = useRef(place.peek().key + place.peek().path).current
  useLayoutEffect(() => {
    const element = body.current!
    element.scrollTop = offsets.get(key) ?? 0
    const remember = () => { offsets.set(key, element.scrollTop) }
    element.addEventListener('scroll', remember, { passive: true })
    return () => element.removeEventListener('scroll', remember)
  }, [key])
  useEffect(() => onRefresh && pull(body.current!, pulled, busy, onRefresh), [onRefresh !== undefined])
  return (
    <div class="page__body" ref={body} inert={inert}>
      {onRefresh && <div class={`pull ${busy.value ? '' : 'pull_now'}`} style={{ height: `${pulled.value}px` }}><span class="spinner" /></div>}
      {children}
    </div>
  )
}

function pull(element: HTMLElement, pulled: { value: number }, busy: { value: boolean }, refresh: () => Promise<unknown>): () => void {
  let from: number | null = null
  const start = (event: TouchEvent) => { from = !busy.value && element.scrollTop <= 0 ? event.touches[0]!.clientY : null }
  const move = (event: TouchEvent) => {
    if (from === null) return
    const by = Math.min(PULL_MOST, (event.touches[0]!.clientY - from) / 2)
    if (by > 0 && event.cancelable) event.preventDefault()
    pulled.value = Math.max(0, by)
  }
  const end = () => {
    if (from === null) return
    from = null
    if (pulled.value < PULL_ENOUGH) { pulled.value = 0; return }
    pulled.value = PULL_ENOUGH
    busy.value = true
    void refresh().finally(() => { busy.value = false; pulled.value = 0 })
  }
  element.addEventListener('touchstart', start, { passive: true })
  element.addEventListener('touchmove', move, { passive: false })
  element.addEventListener('touchend', end)
  element.addEventListener('touchcancel', end)
  return () => {
    element.removeEventListener('touchstart', start)
    element.removeEventListener('touchmove', move)
    element.removeEventListener('touchend', end)
    element.removeEventListener('touchcancel', end)
  }
}

/** A page whose code comes when it is opened: scanner, big screen, organizer's lists. */
export function lazy<P extends object>(load: () => Promise<{ default: (props: P) => ComponentChildren }>) {
  const loaded = signal<((props: P) => ComponentChildren) | null>(null)
  const failed = signal(false)
  return function Lazy(props: P) {
    useEffect(() => {
      const fetchIt = async () => {
        try {
          loaded.value = (await load()).default
        } catch {
          failed.value = true
        }
      }
      if (!loaded.value) void fetchIt()
    }, [])
    const Inner = loaded.value
    if (Inner) return <Inner {...props} />
    return <Page title="红领通" up="/">{failed.value ? <p class="empty">这一页还没有存到本机，请连上网络后再打开</p> : <Loading />}</Page>
  }
}
