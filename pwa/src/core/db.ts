import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb'
import type { Person } from './person'
import type { ProblemBody } from './api'
import type { Receipt, Stage } from './wire'

/** What only the person's own key opens; seal.ts makes and reads it. */
export interface Sealed { iv: Uint8Array<ArrayBuffer>; data: ArrayBuffer }

/** One saved version of one record. Never changed after it was saved, except that the receipt is added: the bytes that were digested are the bytes that are sent, every time. */
export interface StoredRecord {
  key: string // `${path}@${version}`
  path: string // the resource it is PUT to, without /api: /visits/<id>, /visits/<id>/void
  version: number // counts on this phone only
  id: string // what the receipt must name
  kind: string // the noun of the route: visits, issues, issue-actions …
  about: string // the record it belongs to (the issue of an action); its own id otherwise
  words: string // one line for the waiting list
  body: string | Sealed
  digest: string
  if_match: string | null // digest of the version it corrects
  photos: string[]
  made_at: string
  receipt: Receipt | null // there is one exactly when it is delivered
  delivered_at: number | null
  /** The server has something newer in its place: it is not asked about every day. */
  let_go?: boolean
}

/** One photo, its bytes as an ArrayBuffer: iOS fails on Blobs in IndexedDB. */
export interface StoredPhoto {
  id: string
  owner: string // path of its record, or `draft:<key>` until it is saved
  digest: string
  bytes: number
  stage: Stage
  type: string
  data: ArrayBuffer
  kept_at: number
  delivered_at: number | null
  let_go?: boolean // as of a record: no record of the server lists it any more
}

/** One thing still to be sent: a row exists exactly while the server has not said that it has it. */
export interface OutboxRow {
  key: string // key of the record, or `/photos/<id>`
  owner: string // path of the record it is, or belongs to
  order: number
  after: string[] // keys that must be delivered before it
  tries: number
  next_at: number
  not_before?: number // until then the server asked to be left alone
  lease_until: number
  last: string // why the last try did not get through, in Chinese
  problem: ProblemBody | null // 需处理: the server refuses it, a person must decide
  made_at: string
  /** It was delivered, and the server lost it: what to go back to if the server has something newer. */
  healing?: { receipt: Receipt | null; delivered_at: number | null }
}

export interface StoredDraft {
  key: string // form and record: a savepoint of one form never turns up in another
  id: string // of the record that will be saved, made when the form opened
  value: string | Sealed // JSON
  updated_at: number
  base?: string // digest of the version that it began to correct
}

export interface Cached {
  key: string
  as_of: number
  value: unknown
}

interface PersonSchema extends DBSchema {
  records: { key: string; value: StoredRecord; indexes: { path: string; id: string; kind: string; about: string } }
  photos: { key: string; value: StoredPhoto; indexes: { owner: string } }
  outbox: { key: string; value: OutboxRow; indexes: { order: number; owner: string } }
  drafts: { key: string; value: StoredDraft }
  cache: { key: string; value: Cached }
  meta: { key: string; value: unknown }
}

/** What the phone knows before anybody is known. */
export interface Who { person: Person; signed_in_at: number }
interface SharedSchema extends DBSchema {
  settings: { key: string; value: unknown }
}

export type PersonDB = IDBPDatabase<PersonSchema>
export type StoreName = StoreNames<PersonSchema>
export type WriteTx = IDBPTransaction<PersonSchema, StoreName[], 'readwrite'>
export type AnyTx = IDBPTransaction<PersonSchema, StoreName[], 'readonly' | 'readwrite'>

const open = new Map<string, Promise<PersonDB>>()
const nameOf = (personId: string) => `hongling-${personId}`

function connect(personId: string): Promise<PersonDB> {
  const known = open.get(personId)
  if (known) return known
  const forget = () => open.delete(personId)
  const opening = inTime(openDB<PersonSchema>(nameOf(personId), 1, {
    upgrade(db) {
      const records = db.createObjectStore('records', { keyPath: 'key' })
      records.createIndex('path', 'path')
      records.createIndex('id', 'id')
      records.createIndex('kind', 'kind')
      records.createIndex('about', 'about')
      db.createObjectStore('photos', { keyPath: 'id' }).createIndex('owner', 'owner')
      const outbox = db.createObjectStore('outbox', { keyPath: 'key' })
      outbox.createIndex('order', 'order')
      outbox.createIndex('owner', 'owner')
      for (const name of ['drafts', 'cache'] as const) db.createObjectStore(name, { keyPath: 'key' })
      db.createObjectStore('meta')
    },
    blocking() { forget(); void opening.then(db => db.close()) },
    terminated: forget,
  }))
  opening.catch(forget)
  open.set(personId, opening)
  return opening
}

export const OPENS_WITHIN_MS = 10_000

/** iOS now and then never answers; asked anew it does. Nobody is left waiting for ever, neither the person nor the sender. */
export function inTime<T extends { close(): void }>(asked: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new DOMException('the store did not open', 'TimeoutError'))
      void asked.then(db => db.close(), () => undefined)
    }, OPENS_WITHIN_MS)
    asked.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/** Work on a person's store. iOS closes the connection of an app that was in the background: then it is opened again and the work done once more. */
export async function withStore<T>(personId: string, work: (db: PersonDB) => Promise<T>): Promise<T> {
  try {
    return await work(await connect(personId))
  } catch (error) {
    if (!isConnectionLost(error)) throw error
    await close(personId)
    return await work(await connect(personId))
  }
}

/** One after the other: all photos at once are more than a small phone has room for. */
export async function eachPhoto(tx: AnyTx, look: (photo: StoredPhoto) => unknown): Promise<void> {
  for (let at = await tx.objectStore('photos').openCursor(); at; at = await at.continue()) await look(at.value)
}

/** What was made for a write holds no more when its turn comes: it is to be made anew. */
export class Stale extends Error {
  override message = '没有成功，请再试一次'
}

/** All or nothing, and on disk before it resolves: `durability: 'strict'` costs nothing measurable. */
export async function write<T>(personId: string, stores: StoreName[], work: (tx: WriteTx) => Promise<T>): Promise<T> {
  return withStore(personId, async db => {
    const tx = db.transaction(stores, 'readwrite', { durability: 'strict' })
    // Watched from the start: an abort while `work` still waits must not become an unhandled rejection.
    const done = tx.done.then(() => null, (error: unknown) => error ?? new DOMException('aborted', 'AbortError'))
    try {
      const result = await work(tx as unknown as WriteTx)
      const failure = await done
      if (failure) throw failure
      if (stores.includes('outbox') || stores.includes('drafts')) copySoon(personId)
      return result
    } catch (error) {
      try { tx.abort() } catch { /* already over */ }
      await done
      throw error
    }
  })
}

export const WHOLE = 'whole'

/** Whether a store ('' is the one that everybody shares) has been whole once: one that the browser threw away and made anew says no. */
export async function isWhole(who: string): Promise<unknown> {
  return who ? withStore(who, db => db.get('meta', WHOLE)) : readSetting(WHOLE)
}

export async function setWhole(who: string): Promise<void> {
  if (who) await write(who, ['meta'], async tx => { await tx.objectStore('meta').put(true, WHOLE) })
  else await withShared(db => db.put('settings', true, WHOLE))
}

/** The second copy of what is unsent. Only Chromium can keep it apart, and only Chromium needs it. Nobody waits long for it, nor twice for one that
 * does not answer; `after`: it cannot answer before this is over. */
export async function reserve(act: (copy: typeof import('./reserve')) => unknown, { patienceMs = 500, after }: { patienceMs?: number; after?: Promise<unknown> } = {}): Promise<void> {
  if (!('storageBuckets' in navigator)) return
  const acted = import('./reserve').then(act).catch(() => undefined).finally(() => { reserveAnswers = true })
  await after?.catch(() => undefined)
  if (!reserveAnswers) return
  let timer: ReturnType<typeof setTimeout> | undefined
  await Promise.race([acted, new Promise<void>(over => { timer = setTimeout(() => { reserveAnswers = false; over() }, patienceMs) })])
  clearTimeout(timer)
}

let reserveAnswers = true

/** After the next moments. Nobody waits for it, so it does not tell whether the copy answers. */
function copySoon(who: string): void {
  if ('storageBuckets' in navigator) void import('./reserve').then(copy => copy.soon(who)).catch(() => undefined)
}

export function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'QuotaExceededError'
}

function isConnectionLost(error: unknown): boolean {
  return error instanceof DOMException && (error.name === 'InvalidStateError' || error.name === 'UnknownError')
}

export async function close(personId: string): Promise<void> {
  const opening = open.get(personId)
  open.delete(personId)
  await opening?.then(db => db.close(), () => undefined)
}

const shared = () => inTime(openDB<SharedSchema>('hongling', 1, { upgrade(db) { db.createObjectStore('settings') } }))
let sharedDb: ReturnType<typeof shared> | undefined

export async function withShared<T>(work: (db: IDBPDatabase<SharedSchema>) => Promise<T>): Promise<T> {
  try {
    return await work(await (sharedDb ??= shared()))
  } catch (error) {
    sharedDb = undefined
    if (!isConnectionLost(error)) throw error
    return await work(await (sharedDb = shared()))
  }
}

export function readSetting<T>(key: string): Promise<T | undefined> {
  return withShared(db => db.get('settings', key)) as Promise<T | undefined>
}

/** On disk before it resolves, like all else: an app killed right after a sign-in must open as that person. */
export async function writeSetting(key: string, value: unknown): Promise<void> {
  await withShared(async db => {
    const tx = db.transaction('settings', 'readwrite', { durability: 'strict' })
    await Promise.all([tx.store.put(value, key), tx.done])
  })
  await reserve(copy => copy.keep(''))
}
