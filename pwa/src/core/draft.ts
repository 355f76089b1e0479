import { signal, type Signal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { withStore, write, type StoredDraft } from './db'
import { uuid7 } from './ids'
import { person } from './person'
import { seal, unseal } from './seal'

/** A form that survives a kill: saved on the phone within a second of the last change, and at once when the app goes to the background. */
export interface Draft<T> {
  key: string
  /** Id of the record that this form will save; made when the form was opened. */
  id: Signal<string>
  value: Signal<T>
  /** False until the stored draft was looked for: show the form only then. */
  ready: Signal<boolean>
  /** When the draft was last saved, if the form opened with an old one. */
  restored: Signal<number | null>
  set(part: Partial<T>): void
  /** Start over: the stored draft and its photos go. */
  clear(): Promise<void>
  /** Call after a successful save(): the draft is gone already, later autosaves must not bring it back. */
  done(): void
}

/** Forms with unsaved changes on screen; a new version of the app waits for them. */
export const dirty = signal(0)
const AUTOSAVE_MS = 800

export function useDraft<T extends object>(key: string, fresh: () => T, options: { id?: string; sealed?: boolean } = {}): Draft<T> {
  const draft = useMemo(() => makeDraft(key, fresh, options), [key, person.value?.id])
  useEffect(() => draft.start(), [draft])
  return draft
}

function makeDraft<T extends object>(key: string, fresh: () => T, options: { id?: string; sealed?: boolean }) {
  const who = person.value?.id
  const id = signal(options.id ?? uuid7())
  const value = signal<T>(fresh())
  const ready = signal(false)
  const restored = signal<number | null>(null)
  let touched = false
  let over = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const keep = async () => {
    clearTimeout(timer)
    if (!who || !touched || over) return
    const text = JSON.stringify(value.value)
    const stored: StoredDraft = { key, id: id.value, value: options.sealed ? await seal(who, text) : text, updated_at: Date.now() }
    if (!over) await write(who, ['drafts'], async tx => { await tx.objectStore('drafts').put(stored) })
  }
  const flush = () => { void keep().catch(() => undefined) }
  const set = (part: Partial<T>) => {
    value.value = { ...value.value, ...part }
    if (!touched) dirty.value += 1
    touched = true
    clearTimeout(timer)
    timer = setTimeout(flush, AUTOSAVE_MS)
  }
  const done = () => {
    clearTimeout(timer)
    if (touched) dirty.value -= 1
    touched = false
    over = true
  }
  const clear = async () => {
    done()
    if (who) await forgetDraft(who, key)
    id.value = options.id ?? uuid7()
    value.value = fresh()
    restored.value = null
    over = false
  }
  const open = async () => {
    const stored = who ? await withStore(who, db => db.get('drafts', key)).catch(() => undefined) : undefined
    if (stored && !touched) {
      value.value = { ...fresh(), ...JSON.parse(await unseal(who!, stored.value)) as T }
      id.value = stored.id
      restored.value = stored.updated_at
    }
    ready.value = true
  }
  const start = () => {
    void open()
    document.addEventListener('visibilitychange', flush)
    window.addEventListener('pagehide', flush)
    return () => {
      flush()
      if (touched && !over) dirty.value -= 1
      touched = touched && over
      document.removeEventListener('visibilitychange', flush)
      window.removeEventListener('pagehide', flush)
    }
  }
  return { key, id, value, ready, restored, set, clear, done, start }
}

async function forgetDraft(who: string, key: string): Promise<void> {
  await write(who, ['drafts', 'photos'], async tx => {
    await tx.objectStore('drafts').delete(key)
    const photos = tx.objectStore('photos')
    for (const id of await photos.index('owner').getAllKeys(`draft:${key}`)) await photos.delete(id)
  })
}
