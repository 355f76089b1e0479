import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { ago } from '../dates'

/** Shown only when the wait is long enough to be noticed (300 ms): a flash of a spinner is worse than none. */
export function Loading({ text = '正在加载' }: { text?: string }) {
  const late = useSignal(false)
  useEffect(() => {
    const timer = setTimeout(() => { late.value = true }, 300)
    return () => clearTimeout(timer)
  }, [])
  return late.value ? <div class="loading" role="status"><span class="spinner" />{text}</div> : null
}

export function Empty({ title, text, action }: { title: string; text?: string; action?: ComponentChildren }) {
  return <div class="empty"><p class="empty__title">{title}</p>{text && <p>{text}</p>}{action}</div>
}

/** 截至 …: what is shown may be older than what is true. Says also why it is not newer. */
export function AsOf({ at, error }: { at: number | null; error?: string | null }) {
  if (at === null) return error ? <p class="asof" role="status">{error}</p> : null
  return <p class="asof" role="status">{error ? `${error}，以下` : ''}截至{ago(at)}</p>
}

/** A line across the page under its bar; as a button when it leads somewhere. */
export function Strip({ kind, children, onClick }: { kind: 'wait' | 'bad' | 'info'; children: ComponentChildren; onClick?: () => void }) {
  if (!onClick) return <div class={`strip strip_${kind}`} role="status">{children}</div>
  return <button type="button" class={`strip strip_${kind}`} onClick={onClick}><span class="strip__text">{children}</span><span aria-hidden="true">›</span></button>
}

export function Badge({ count, dot }: { count: number; dot?: boolean }) {
  if (count <= 0) return null
  return dot ? <span class="badge badge_dot" aria-label="有需要处理的" /> : <span class="badge" aria-label={`${count} 条未读`}>{count > 99 ? '99+' : count}</span>
}

export function Tag({ kind, children }: { kind?: 'red' | 'wait' | 'done'; children: ComponentChildren }) {
  return <span class={`tag ${kind ? `tag_${kind}` : ''}`}>{children}</span>
}
