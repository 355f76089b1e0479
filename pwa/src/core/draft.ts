import { signal, type Signal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { announce } from './bell'
import { withStore, write as toStore, type StoredDraft, type WriteTx } from './db'
import { uuid7 } from './ids'
import { person } from './person'
import { mustOpen, seal, unseal } from './seal'
import { lookAhead } from './seq'
import { asideOf } from './waiting'

/** A form that survives a kill: kept on the phone within a second of the last change, at once with a photo and when the app goes to the background. */
export interface Draft<T> {
  key: string
  /** Id of the record that this form will save; made when the form was opened. */
  id: Signal<string>
  value: Signal<T>
  /** Digest of the version that this form began to correct: a draft that lay while another phone corrected must not go over that unseen. */
  base: Signal<string | undefined>
  /** False until the stored draft was looked for: show the form only then. */
  ready: Signal<boolean>
  /** When the draft was last kept, if the form opened with an old one. */
  restored: Signal<number | null>
  /** Another window is writing this very draft: here it can only be read until that one is done. */
  elsewhere: Signal<boolean>
  takeOver(): void
  set(part: Partial<T>): void
  /** Start over: the stored draft and its photos go. */
  clear(): Promise<void>
  /** Call after a successful save(): the draft is gone already, a late autosave must not bring it back. */
  done(): void
}

export interface DraftOptions {
  /** Of the record that is corrected, and the digest of the version it shows; absent for a new one. */
  id?: string
  base?: string
  /** Unreadable on the phone's disk: the form may hold what a resident told in confidence. */
  sealed?: boolean
}

/** Forms with unsaved changes on screen; a new version of the app waits for them. */
export const dirty = signal(0)
/** The phone's store does not open: what is being written is kept by this window alone. */
export const onlyInWindow = signal(false)
export const AUTOSAVE_MS = 800

/** `key` names form and record: a savepoint of one form never turns up in another. */
export function useDraft<T extends object>(key: string, fresh: () => T, options: DraftOptions = {}): Draft<T> {
  const draft = useMemo(() => makeDraft(key, fresh, options), [key, person.value?.id])
  useEffect(() => draft.start(), [draft])
  return draft
}

/** The draft itself, without a component; `start` returns its end. */
export function makeDraft<T extends object>(key: string, fresh: () => T, options: DraftOptions = {}): Draft<T> & { start(): () => void } {
  const who = person.value?.id
  const draft = { key, id: signal(options.id ?? uuid7()), value: signal<T>(fresh()), base: signal(options.base), ready: signal(false), restored: signal<number | null>(null), elsewhere: signal(false) }
  const touched = mark()
  let over = false // saved: what comes late, a photo say, must not begin the draft anew
  let timer: ReturnType<typeof setTimeout> | undefined
  const { open, write } = onDisk(who, draft, touched, fresh, options)
  const flush = () => {
    clearTimeout(timer)
    return write()
  }
  let takeOver: (() => void) | undefined
  const set = (part: Partial<T>) => {
    if (over) return
    draft.value.value = { ...draft.value.value, ...part }
    touched.be(true)
    clearTimeout(timer)
    if ('photos' in part) void flush() // a photo is kept already: without a draft that names it, it is lost
    else timer = setTimeout(() => void flush(), AUTOSAVE_MS)
  }
  const rest = () => {
    clearTimeout(timer)
    touched.be(false)
    if (who) spare.drop(who, key)
  }
  const done = () => { over = true; rest() }
  const clear = async () => {
    rest()
    if (who && !blind.has(who + key)) await forget(who, key)
    show(draft, undefined, fresh(), options)
  }
  const start = () => {
    if (who) void lookAhead(who).catch(() => undefined)
    const { end, take } = holdAlone(`hongling-draft-${who}-${key}`, draft.elsewhere, open)
    takeOver = take
    const stop = onLeaving(() => void flush())
    return () => {
      void flush().finally(end)
      touched.leave()
      stop()
    }
  }
  return { ...draft, set, clear, done, start, takeOver: () => takeOver?.() }
}

/** Forms that a stored draft may be hidden from: the store did not open when they did. What ends or keeps them leaves that draft alone. */
const blind = new Set<string>()

/** What the store holds of a draft, and what is to be put there. */
function onDisk<T extends object>(who: string | undefined, draft: Omit<Draft<T>, 'takeOver' | 'set' | 'clear' | 'done'>, touched: Mark, fresh: () => T, options: DraftOptions) {
  const { key } = draft
  const name = who + key
  // `anew`: another window had it until now; what is written here stems from before that.
  const open = async (anew = false) => {
    const { found, unseen } = who ? await recall<T>(who, key, options.id === undefined) : { found: undefined, unseen: false }
    if (anew) touched.be(false)
    if (anew || (found && !touched.is())) show(draft, found, fresh(), options)
    if (unseen) blind.add(name)
    else blind.delete(name)
    if (unseen && found) touched.be(true) // only this window has it
    draft.ready.value = true
  }
  const write = async () => {
    if (!who || draft.elsewhere.value) return
    if (!touched.is()) return blind.has(name) ? open() : undefined
    await keep(who, { key, id: draft.id.value, ...(draft.base.value ? { base: draft.base.value } : {}) }, draft.value.value, { sealed: options.sealed === true, still: touched.turn() }).catch(() => undefined)
  }
  return { open, write }
}

type Mark = ReturnType<typeof mark>

/** Whether the form has changes that are not saved; counted in `dirty`, once, while it is on screen. */
function mark() {
  let touched = false
  let here = true
  let counted = 0
  let turns = 0
  const count = () => {
    const now = Number(here && touched)
    dirty.value += now - counted
    counted = now
  }
  return {
    is: () => touched,
    be(now: boolean) { touched = now; count() },
    leave() { here = false; count() },
    /** Whether what is kept now is still to be written: of two at once only the later one. */
    turn() {
      const mine = ++turns
      return () => touched && mine === turns
    },
  }
}

/** What was found, or the form as it begins. */
function show<T>(draft: Pick<Draft<T>, 'id' | 'base' | 'value' | 'restored'>, found: Found<T> | undefined, fresh: T, options: DraftOptions): void {
  draft.id.value = found?.id ?? options.id ?? uuid7()
  draft.base.value = found?.base ?? options.base
  draft.value.value = { ...fresh, ...found?.value }
  draft.restored.value = found?.updated_at ?? null
}

function onLeaving(act: () => void): () => void {
  document.addEventListener('visibilitychange', act)
  window.addEventListener('pagehide', act)
  return () => {
    document.removeEventListener('visibilitychange', act)
    window.removeEventListener('pagehide', act)
  }
}

/** One window writes a draft; another shows what was kept, and goes on when the first is closed or when the person takes it over (a window that the phone froze never closes).
 * Without locks (old web views) there are hardly two windows either. */
function holdAlone(name: string, elsewhere: Signal<boolean>, open: (anew?: boolean) => Promise<void>): { end: () => void; take: () => void } {
  const ended = new AbortController()
  const locks = navigator.locks as LockManager | undefined | null
  const hold = async (lock: Lock | null) => {
    if (!lock) return queue()
    if (elsewhere.value) await open(true)
    elsewhere.value = false
    await new Promise<void>(resolve => { ended.signal.addEventListener('abort', () => resolve()) })
  }
  const ask = (options: LockOptions) => void locks?.request(name, options, hold).catch(() => { if (!ended.signal.aborted) queue() })
  const queue = () => {
    elsewhere.value = true
    ask({ signal: ended.signal })
  }
  void open()
  ask({ ifAvailable: true })
  return { end: () => ended.abort(), take: () => ask({ steal: true }) }
}

/** Drafts that are being saved just now, and whether that ends them. */
const ending = new Map<string, Promise<boolean>>()

/** Said by save() as it begins: what wants to keep the draft meanwhile waits for the outcome. Queued behind the save it would come back when the
 * save is done, and be saved a second time under a new id. Of two saves of one draft either may be the one that ends it. */
export function endsWith(who: string, key: string, saving: Promise<unknown>): void {
  const name = who + key
  const before = ending.get(name)
  const ended: Promise<boolean> = saving.then(() => true, () => before ?? false).finally(() => { if (ending.get(name) === ended) ending.delete(name) })
  ending.set(name, ended)
}

/** Whether what the store holds under this key is not what the form shows. */
export function isBlind(who: string, key: string): boolean {
  return blind.has(who + key)
}

/** `still` is asked when the turn to write has come, not when it was queued up for. */
async function keep(who: string, which: Pick<StoredDraft, 'key' | 'id' | 'base'>, value: unknown, { sealed, still }: { sealed: boolean; still: () => boolean }): Promise<void> {
  const { key } = which
  const name = who + key
  const text = JSON.stringify(value)
  const draft = { ...which, value: text, updated_at: Date.now() }
  try {
    if (blind.has(name)) spare.keep(who, { ...draft, blind: true }) // whether the store opens by now is about to be seen
    const stored: StoredDraft = sealed ? { ...draft, value: await seal(who, text) } : draft
    if (await ending.get(name)) return
    const kept = await toStore(who, ['drafts', 'photos'], async tx => {
      mustOpen(tx, stored.value)
      const unseen = await tx.objectStore('drafts').get(key)
      if (!still() || ending.has(name)) return false
      if (unseen && blind.has(name)) await putAside(tx, unseen, text)
      return tx.objectStore('drafts').put(stored)
    })
    if (!kept) return
    spare.drop(who, key)
    if (blind.delete(name)) announce()
  } catch {
    if (still()) spare.keep(who, { ...draft, ...(blind.has(name) ? { blind: true } : {}) })
  }
}

/** What lay there unseen, and the photos that `text` does not list: among 留存的本机内容 until somebody takes it up again. */
async function putAside(tx: WriteTx, unseen: StoredDraft, text: string): Promise<void> {
  const key = asideOf(unseen)
  await tx.objectStore('drafts').put({ ...unseen, key })
  const photos = tx.objectStore('photos')
  for (const photo of await photos.index('owner').getAll(`draft:${unseen.key}`)) if (!text.includes(photo.id)) await photos.put({ ...photo, owner: `draft:${key}` })
}

/** `blind`: begun without having seen what the store holds under this key. */
type InWindow = StoredDraft & { blind?: boolean }

/** When the phone's store does not open (iOS, after long in the background), the text at least stays with this window until it does. */
const spare = {
  name: (who: string, key: string) => `hongling-draft-${who}-${key}`,
  keep(who: string, draft: InWindow): void {
    try {
      sessionStorage.setItem(spare.name(who, draft.key), JSON.stringify(draft))
      onlyInWindow.value = true
    } catch { /* the form itself is still on screen */ }
  },
  drop(who: string, key: string): void {
    onlyInWindow.value = false
    try { sessionStorage.removeItem(spare.name(who, key)) } catch { /* there is none */ }
  },
  find(who: string, key: string): InWindow | undefined {
    try { return JSON.parse(sessionStorage.getItem(spare.name(who, key)) ?? 'null') as InWindow | null ?? undefined } catch { return undefined }
  },
}

interface Found<T> { id: string; value: T; updated_at: number; base?: string }

/** `unseen`: a draft may lie in the store that is not the one found. */
async function recall<T extends object>(who: string, key: string, isNew: boolean): Promise<{ found?: Found<T> | undefined; unseen: boolean }> {
  const inWindow = spare.find(who, key)
  const kept = await withStore(who, db => db.get('drafts', key)).catch(() => null)
  if (kept === null && inWindow) onlyInWindow.value = true
  const blindly = inWindow?.blind === true
  const first = inWindow && (!kept || blindly || inWindow.updated_at > kept.updated_at) ? inWindow : kept
  const unseen = kept === null ? blindly || !inWindow : blindly && kept !== undefined
  try {
    return { found: first ? await readable<T>(who, first, isNew) : undefined, unseen }
  } catch {
    return { unseen: true }
  }
}

async function readable<T>(who: string, stored: StoredDraft, isNew: boolean): Promise<Found<T>> {
  // Saved from another tab meanwhile: what is written here since is a record of its own. Where that cannot be known, save() will say so.
  const taken = isNew && await withStore(who, db => db.countFromIndex('records', 'id', stored.id)).catch(() => 0) > 0
  return { id: taken ? uuid7() : stored.id, value: JSON.parse(await unseal(who, stored.value)) as T, updated_at: stored.updated_at, ...(stored.base ? { base: stored.base } : {}) }
}

async function forget(who: string, key: string): Promise<void> {
  spare.drop(who, key)
  await toStore(who, ['drafts', 'photos'], async tx => {
    await tx.objectStore('drafts').delete(key)
    const photos = tx.objectStore('photos')
    for (const id of await photos.index('owner').getAllKeys(`draft:${key}`)) await photos.delete(id)
  })
}
