import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { uuid7 } from '../ids'
import { asking, toast } from './overlay'

/** Inputs of a form: a label, a large target, native pickers. `error` is the server's or the form's sentence. */
interface FieldProps<T> {
  label: string
  value: T
  onChange: (value: T) => void
  placeholder?: string
  error?: string | undefined
  required?: boolean
}

function useId(): string {
  return useRef(`f${uuid7().slice(-12)}`).current
}

function Wrong({ text }: { text: string | undefined }) {
  return text ? <p class="field__error" role="alert">{text}</p> : null
}

export interface TextProps extends FieldProps<string> {
  type?: 'text' | 'tel' | 'password' | 'search'
  autocomplete?: string
  most?: number
}

export function TextField({ label, value, onChange, placeholder, error, required, type = 'text', autocomplete = 'off', most }: TextProps) {
  const id = useId()
  return <>
    <div class="field">
      <label class="field__label" for={id}>{label}</label>
      <input id={id} class="field__input" type={type as 'text'} value={value} maxLength={most} placeholder={placeholder ?? (required ? '必填' : '选填')} autocomplete={autocomplete as "off"} autocapitalize="off" onInput={event => onChange(event.currentTarget.value)} />
    </div>
    <Wrong text={error} />
  </>
}

/** Grows with what is written; counts only when it gets tight. */
export function TextArea({ label, value, onChange, placeholder, error, most, rows = 3 }: FieldProps<string> & { most: number; rows?: number }) {
  const id = useId()
  const box = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    const area = box.current!
    area.style.height = 'auto'
    area.style.height = `${area.scrollHeight}px`
  }, [value])
  return <>
    <div class="field field_tall">
      <label class="field__label" for={id}>{label}</label>
      <textarea ref={box} id={id} class="field__input" rows={rows} maxLength={most} value={value} placeholder={placeholder} onInput={event => onChange(event.currentTarget.value)} />
      {value.length > most * 0.8 && <span class="field__count">{value.length}/{most}</span>}
    </div>
    <Wrong text={error} />
  </>
}

/** Whole numbers only, with the digit keyboard; null while empty. */
export function NumberField({ label, value, onChange, placeholder, error, unit }: FieldProps<number | null> & { unit?: string }) {
  const id = useId()
  return <>
    <div class="field">
      <label class="field__label" for={id}>{label}</label>
      <input id={id} class="field__input" inputMode="numeric" pattern="[0-9]*" maxLength={4} value={value ?? ''} placeholder={placeholder ?? '选填'} autocomplete="off"
        onInput={event => {
          const digits = event.currentTarget.value.replace(/\D/g, '')
          event.currentTarget.value = digits
          onChange(digits === '' ? null : Number(digits))
        }} />
      {unit && <span>{unit}</span>}
    </div>
    <Wrong text={error} />
  </>
}

export function SelectField({ label, value, onChange, error, options, placeholder = '请选择' }: FieldProps<string> & { options: { value: string; words: string }[] }) {
  const id = useId()
  return <>
    <div class="field field_select">
      <label class="field__label" for={id}>{label}</label>
      <select id={id} class="field__input" value={value} onChange={event => onChange(event.currentTarget.value)}>
        {!options.some(option => option.value === value) && <option value={value}>{placeholder}</option>}
        {options.map(option => <option key={option.value} value={option.value}>{option.words}</option>)}
      </select>
    </div>
    <Wrong text={error} />
  </>
}

/** The phone's own picker. The value is what the input gives: 2026-11-22 or 2026-11-22T09:30, in Shanghai (core/dates fromInput). */
export function DateField({ label, value, onChange, error, withTime }: FieldProps<string> & { withTime?: boolean }) {
  const id = useId()
  return <>
    <div class="field">
      <label class="field__label" for={id}>{label}</label>
      <input id={id} class="field__input" type={withTime ? 'datetime-local' : 'date'} value={value} onInput={event => onChange(event.currentTarget.value)} />
    </div>
    <Wrong text={error} />
  </>
}

export function SwitchField({ label, value, onChange, tips }: FieldProps<boolean> & { tips?: string }) {
  return (
    <label class="weui-cell weui-cell_switch">
      <span class="weui-cell__bd"><span class="cell__title">{label}</span>{tips && <span class="weui-cell__desc cell__desc">{tips}</span>}</span>
      <span class="weui-cell__ft"><input class="weui-switch" type="checkbox" checked={value} onChange={event => onChange(event.currentTarget.checked)} /></span>
    </label>
  )
}

/** One of a few, all in sight. */
export function Chips<T extends string>({ label, value, onChange, options }: FieldProps<T> & { options: { value: T; words: string }[] }) {
  return (
    <div class="chips" role="group" aria-label={label}>
      {options.map(option => <button type="button" key={option.value} class="chip" aria-pressed={option.value === value} onClick={() => onChange(option.value)}>{option.words}</button>)}
    </div>
  )
}

/** A sentence about one field: the button shows the sentence, and the field. */
export class Misfit extends Error {
  constructor(message: string, readonly label: string) {
    super(message)
  }
}

function showField(label: string): void {
  const all = [...document.querySelectorAll<HTMLElement>('.pane label, .pane [aria-label]')]
  const field = all.find(one => one.getAttribute('aria-label') === label) ?? all.find(one => one.textContent?.startsWith(label))
  field?.scrollIntoView({ block: 'center' })
}

const LOOKS = { primary: 'weui-btn_primary', default: 'weui-btn_default', warn: 'weui-btn_default weui-btn_warn', plain: 'weui-btn_plain' } as const

/** Cannot be pressed twice; shows that it works when it takes longer than a moment; a thrown Error's message becomes the toast. */
export function Button({ children, onClick, kind = 'primary', disabled }: { children: ComponentChildren; onClick: () => Promise<unknown> | void; kind?: keyof typeof LOOKS; disabled?: boolean }) {
  const busy = useSignal(false)
  const guard = useRef(false)
  const press = async () => {
    if (guard.current) return
    guard.current = true
    const timer = setTimeout(() => { busy.value = true }, 300)
    try {
      await onClick()
    } catch (error) {
      if (error instanceof Misfit) showField(error.label)
      toast(error instanceof Error && error.message ? error.message : '没有成功，请再试一次', 'warn')
    } finally {
      clearTimeout(timer)
      busy.value = false
      guard.current = false
    }
  }
  const waits = busy.value && !asking.value // while a dialog asks, it is the person who works
  return <button type="button" class={`weui-btn ${LOOKS[kind]} ${waits ? 'weui-btn_loading' : ''}`} disabled={disabled} aria-busy={waits} onClick={() => void press()}>{waits && <span class="spinner" />}{children}</button>
}
