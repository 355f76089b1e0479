import { computed, signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { onBack } from '../router'
import { Icon, type IconName } from './icons'

/** Toasts, dialogs and sheets: called like functions, answered by a promise. One stands on top of the other; the back gesture closes the top one. */
interface Layer { id: number; render: (close: (answer?: unknown) => void) => ComponentChildren; resolve: (answer: unknown) => void }

const layers = signal<Layer[]>([])
/** Something on top waits for the person. */
export const asking = computed(() => layers.value.length > 0)
let nextId = 1

function close(id: number, answer?: unknown): void {
  const layer = layers.value.find(one => one.id === id)
  layers.value = layers.value.filter(one => one.id !== id)
  layer?.resolve(answer)
}

/** Anything on top of the page, until it calls `close(answer)`; undefined when it was waved away. */
export function open<T>(render: (close: (answer?: T) => void) => ComponentChildren): Promise<T | undefined> {
  return new Promise(resolve => {
    layers.value = [...layers.value, { id: nextId++, render: render as Layer['render'], resolve: resolve as Layer['resolve'] }]
  })
}

onBack(() => {
  const top = layers.value.at(-1)
  if (top) close(top.id)
  return top !== undefined
})

/** Says what happened. `done` is for what is really done (green tick), `warn` for what needs a look. */
export function toast(text: string, kind: 'plain' | 'done' | 'warn' = 'plain'): void {
  message.value = { text, kind, id: nextId++ }
  clearTimeout(fading)
  fading = setTimeout(() => { message.value = null }, Math.max(2000, text.length * 160))
}
const message = signal<{ text: string; kind: string; id: number } | null>(null)
let fading: ReturnType<typeof setTimeout> | undefined

export interface Asking { title: string; text?: string; yes?: string; no?: string | null; danger?: boolean }

/** True only when the person chose `yes`. `no: null` makes it a notice with one button. */
export async function confirm({ title, text, yes = '确定', no = '取消', danger }: Asking): Promise<boolean> {
  return await open<boolean>(done => (
    <Dialog title={title} label={title}>
      {text && <div class="weui-dialog__bd">{text}</div>}
      <div class="weui-dialog__ft">
        {no && <button type="button" class="weui-dialog__btn weui-dialog__btn_default" onClick={() => done(false)}>{no}</button>}
        <button type="button" class={`weui-dialog__btn weui-dialog__btn_primary ${danger ? 'dialog__danger' : ''}`} onClick={() => done(true)}>{yes}</button>
      </div>
    </Dialog>
  )) === true
}

/** Asks for one short text (a reason); undefined when it was waved away. */
export function prompt({ title, text, yes = '确定', least = 2, most = 200 }: { title: string; text?: string; yes?: string; least?: number; most?: number }): Promise<string | undefined> {
  const value = signal('')
  return open<string>(done => (
    <Dialog title={title} label={title}>
      <div class="weui-dialog__bd">
        {text}
        <textarea class="prompt" aria-label={text ?? title} rows={3} maxLength={most} value={value} onInput={event => { value.value = event.currentTarget.value }} />
      </div>
      <div class="weui-dialog__ft">
        <button type="button" class="weui-dialog__btn weui-dialog__btn_default" onClick={() => done()}>取消</button>
        <button type="button" class="weui-dialog__btn weui-dialog__btn_primary" onClick={() => value.value.trim().length < least ? toast(`请至少写 ${least} 个字`) : done(value.value.trim())}>{yes}</button>
      </div>
    </Dialog>
  ))
}

export interface Choice<T> { value: T; words: string; danger?: boolean }

/** WeChat's action sheet from the bottom; undefined when it was waved away. */
export function choose<T>(choices: Choice<T>[], title?: string): Promise<T | undefined> {
  return open<T>(done => <>
    <button type="button" class="weui-mask" aria-label="关闭" tabIndex={-1} onClick={() => done()} />
    <div class="weui-actionsheet weui-actionsheet_toggle" role="dialog" aria-modal="true" aria-label={title ?? '请选择'}>
      {title && <div class="weui-actionsheet__title">{title}</div>}
      <div class="weui-actionsheet__menu">
        {choices.map(choice => <button type="button" key={choice.words} class={`weui-actionsheet__cell sheet__cell ${choice.danger ? 'weui-actionsheet__cell_warn' : ''}`} onClick={() => done(choice.value)}>{choice.words}</button>)}
      </div>
      <div class="weui-actionsheet__action">
        <button type="button" class="weui-actionsheet__cell sheet__cell" onClick={() => done()}>取消</button>
      </div>
    </div>
  </>)
}

/** The dark bubble under ⊕. */
export function menu<T>(choices: (Choice<T> & { icon: IconName })[]): Promise<T | undefined> {
  return open<T>(done => (
    <div class="menu" role="dialog" aria-modal="true" aria-label="添加">
      <button type="button" class="menu__back" aria-label="关闭" tabIndex={-1} onClick={() => done()} />
      <div class="menu__box" role="menu">
        {choices.map(choice => <button type="button" role="menuitem" key={choice.words} class="menu__item" onClick={() => done(choice.value)}><Icon name={choice.icon} />{choice.words}</button>)}
      </div>
    </div>
  ))
}

function Dialog({ title, label, children }: { title: string; label: string; children: ComponentChildren }) {
  return <>
    <div class="weui-mask" />
    <div class="weui-dialog" role="alertdialog" aria-modal="true" aria-label={label}>
      <div class="weui-dialog__hd"><strong class="weui-dialog__title">{title}</strong></div>
      {children}
    </div>
  </>
}

/** Once, at the root of the app. */
export function Overlays() {
  const shown = message.value
  return <>
    {layers.value.map(layer => <LayerBox key={layer.id} layer={layer} />)}
    <div role="status" aria-live="polite">
      {shown && <div class="toast" key={shown.id}>{shown.kind !== 'plain' && <Icon name={shown.kind === 'done' ? 'done' : 'warn'} />}{shown.text}</div>}
    </div>
  </>
}

/** Takes the focus while it is there and gives it back afterwards; Escape waves it away. */
function LayerBox({ layer }: { layer: Layer }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null
    const leave = (event: KeyboardEvent) => { if (event.key === 'Escape' && layers.value.at(-1)?.id === layer.id) close(layer.id) }
    box.current?.querySelector<HTMLElement>('textarea, input, .weui-dialog__btn_primary, button:not([tabindex])')?.focus({ preventScroll: true })
    document.addEventListener('keydown', leave)
    return () => {
      document.removeEventListener('keydown', leave)
      before?.focus?.({ preventScroll: true })
    }
  }, [])
  return <div ref={box}>{layer.render(answer => close(layer.id, answer))}</div>
}
