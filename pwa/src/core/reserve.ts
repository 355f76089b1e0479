import { wrap, type DBSchema, type IDBPDatabase } from 'idb'
import { inTime, isWhole, setWhole, WHOLE, withShared, withStore, write, type OutboxRow, type Sealed, type StoredDraft, type StoredPhoto, type StoredRecord, type WriteTx } from './db'
import { isPhoto } from './outbox'
import { openWith, seal, unseal } from './seal'

/* What is not on the server yet, a second time. Chromium keeps all stores of an app in one log; killed in the middle of an entry it may find that log
   damaged later, and then it throws every store away and says nothing. A storage bucket has a log of its own, so that one kill never costs both.
   What lies here is put back into a store that turns out to be new, before anything else happens. */

/** As they are put back: the key before what it opens, photos before the rows, of which one that finds none is dropped. `records`: delivered, while
 * a photo of theirs waits. */
const ORDER = ['settings', 'meta', 'drafts', 'photos', 'records', 'outbox'] as const
type Kind = (typeof ORDER)[number]
/** Person ('' for what belongs to the phone), kind, key, and what tells one state of the thing from another: the keys alone say what has to be copied. */
type Key = [who: string, kind: Kind, key: string, stamp: string]
interface Sent { row: OutboxRow; record?: StoredRecord }
interface ReserveSchema extends DBSchema { things: { key: Key; value: unknown } }
interface Bucket { indexedDB: IDBFactory }
type Buckets = { storageBuckets: { open(name: string, options: object): Promise<Bucket> } }

const SOON_MS = 300
const KEPT_META = ['seal-key', 'seq']

let opened: Promise<IDBPDatabase<ReserveSchema>> | undefined
let bucket: Bucket | undefined // held, for when it is collected Chromium answers its database no more
const timers = new Map<string, ReturnType<typeof setTimeout>>()

function reserveStore(): Promise<IDBPDatabase<ReserveSchema>> {
  const forget = () => { opened = undefined }
  opened ??= inTime(open())
  opened.then(db => db.addEventListener('close', forget), forget)
  return opened
}

async function open(): Promise<IDBPDatabase<ReserveSchema>> {
  bucket = await (navigator as unknown as Buckets).storageBuckets.open('hongling-unsent', { durability: 'strict' })
  const asked = bucket.indexedDB.open('hongling-unsent', 1)
  asked.onupgradeneeded = () => { asked.result.createObjectStore('things') }
  return await wrap(asked) as unknown as IDBPDatabase<ReserveSchema>
}

const allOf = (who: string) => IDBKeyRange.bound([who], [who, []])

/** After the next moments without another change. */
export function soon(who: string): void {
  clearTimeout(timers.get(who))
  timers.set(who, setTimeout(() => void keep(who).catch(() => undefined), SOON_MS))
}

/** At a start, for everybody who left something on this phone, signed in or not: it may be this copy that was thrown away. */
export async function lookAround(): Promise<void> {
  const names = (await indexedDB.databases()).map(one => one.name ?? '')
  for (const who of ['', ...names.filter(name => name.startsWith('hongling-') && name !== 'hongling-log').map(name => name.slice('hongling-'.length))]) soon(who)
}

/** Make the copy of this person's unsent work what the store says now, or as soon as `writing` is over; resolves when it is on disk. */
export async function keep(who: string, writing?: Promise<unknown>): Promise<void> {
  const reserve = await reserveStore()
  const have = await reserve.getAllKeys('things', allOf(who)) // before the store is read: what comes while it is read is not superfluous
  await writing?.catch(() => undefined)
  clearTimeout(timers.get(who)) // what was to be copied soon is copied now
  const had = new Set(have.map(name))
  const wanted = await (who ? unsent(who, had) : settings())
  if (!wanted) {
    await recover(who)
    return await isWhole(who) ? keep(who) : undefined
  }
  const wants = new Set(wanted.map(one => name(one.key)))
  const tx = reserve.transaction('things', 'readwrite', { durability: 'strict' })
  for (const { key, value } of wanted) if (value !== undefined && !had.has(name(key))) void tx.store.put(value, key)
  for (const key of have) if (!wants.has(name(key))) void tx.store.delete(key)
  await tx.done
  // One by one, as they are large.
  for (const { key } of wanted) {
    if (key[1] !== 'photos' || had.has(name(key))) continue
    const photo = await withStore(who, db => db.get('photos', key[2]))
    if (photo) await reserve.put('things', photo, key)
  }
}

const name = (key: Key) => key.join('\n')

/** `value`: none of a photo, which is read later, nor of a row that the copy has. */
interface Wanted { key: Key; value?: unknown }

/** Nothing is told by a store that is not whole: what it lacks is not superfluous. */
async function unsent(who: string, had: Set<string>): Promise<Wanted[] | undefined> {
  return withStore(who, async db => {
    const tx = db.transaction(['outbox', 'drafts', 'photos', 'records', 'meta'])
    const records = tx.objectStore('records')
    const meta = tx.objectStore('meta')
    const [whole, rows, drafts, taken, ...kept] = await Promise.all([
      meta.get(WHOLE), tx.objectStore('outbox').getAll(), tx.objectStore('drafts').getAll(), tx.objectStore('photos').index('owner').getAllKeys(IDBKeyRange.bound('draft:', 'draft;')),
      ...KEPT_META.map(key => meta.get(key)),
    ])
    if (!whole) return undefined
    const waiting = rows.filter(isPhoto)
    const photos = new Set([...waiting.map(row => row.key.slice('/photos/'.length)), ...taken])
    const [sent, delivered] = await Promise.all([
      Promise.all(rows.map(async (row): Promise<Wanted> => {
        const key: Key = [who, 'outbox', row.key, [row.order, ...row.after].join()]
        return had.has(name(key)) ? { key } : { key, value: { row, record: isPhoto(row) ? undefined : await records.get(row.key) } satisfies Sent }
      })),
      Promise.all([...new Set(waiting.map(row => row.owner))].map(owner => records.index('path').getAll(owner))),
    ])
    return [
      ...sent,
      ...delivered.flat().filter(record => record.receipt).map((record): Wanted => ({ key: [who, 'records', record.key, ''], value: record })),
      ...drafts.map((draft): Wanted => ({ key: [who, 'drafts', draft.key, String(draft.updated_at)], value: draft })),
      ...[...photos].map((id): Wanted => ({ key: [who, 'photos', id, ''] })),
      ...KEPT_META.flatMap((key, i): Wanted[] => kept[i] === undefined ? [] : [{ key: [who, 'meta', key, typeof kept[i] === 'number' ? String(kept[i]) : ''], value: kept[i] }]),
    ]
  })
}

async function settings(): Promise<Wanted[] | undefined> {
  return withShared(async db => {
    const tx = db.transaction('settings')
    const [keys, values] = await Promise.all([tx.store.getAllKeys(), tx.store.getAll()])
    if (!keys.includes(WHOLE)) return undefined
    return keys.flatMap((key, i): Wanted[] => key === WHOLE ? [] : [{ key: ['', 'settings', key, JSON.stringify(values[i])], value: values[i] }])
  })
}

/** Put back what stores that turned out to be new lack. Killed on the way it begins again; a store that is whole stays as it is. */
export async function recover(besides = ''): Promise<void> {
  const reserve = await reserveStore()
  const keys = await reserve.getAllKeys('things')
  for (const who of new Set(['', besides, ...keys.map(key => key[0])])) {
    if (await isWhole(who)) continue
    const theirs = keys.filter(key => key[0] === who).sort((a, b) => ORDER.indexOf(a[1]) - ORDER.indexOf(b[1]) || (a[1] === 'outbox' ? parseFloat(a[3]) - parseFloat(b[3]) : 0))
    const oldKey = await reserve.get('things', sealKeyOf(who)) as CryptoKey | undefined
    let changed = Boolean(who && await withStore(who, db => db.get('meta', 'seal-key')))
    let failed = false
    for (const key of theirs) {
      try {
        const value = await reserve.get('things', key)
        const fit = value && await fitting(key, value, oldKey)
        if (fit !== undefined) await putBack(key, fit)
        changed ||= fit !== value
      } catch {
        failed = true
      }
    }
    if (failed) continue
    await setWhole(who)
    if (changed) await reserve.delete('things', allOf(who)) // locked with a key that is no more; the next copy is of what was put back
  }
}

const sealKeyOf = (who: string): Key => [who, 'meta', 'seal-key', '']

/** Something was saved into the new store already, and locked with a new key: what comes back is locked with that one as well. */
async function fitting([who, kind]: Key, value: unknown, oldKey: CryptoKey | undefined): Promise<unknown> {
  const anew = (text: string | Sealed) => unseal(who, text).then(() => text, async () => oldKey ? openWith(oldKey, text as Sealed).then(plain => seal(who, plain), () => text) : text)
  if (kind === 'drafts') return changedIn(value as StoredDraft, 'value', anew)
  if (kind === 'records') return changedIn(value as StoredRecord, 'body', anew)
  const sent = value as Sent
  if (kind !== 'outbox' || !sent.record) return value
  const record = await changedIn(sent.record, 'body', anew)
  return record === sent.record ? sent : { ...sent, record }
}

async function changedIn<K extends string, T extends { [k in K]: string | Sealed }>(thing: T, part: K, change: (text: string | Sealed) => Promise<string | Sealed>): Promise<T> {
  const text = await change(thing[part])
  return text === thing[part] ? thing : { ...thing, [part]: text }
}

async function putBack([who, kind, key]: Key, value: unknown): Promise<void> {
  if (kind === 'settings') return withShared(db => db.add('settings', value, key).then(() => undefined, () => undefined))
  await write(who, ['outbox', 'records', 'photos', 'drafts', 'meta'], async tx => {
    if (await tx.objectStore('meta').get(WHOLE)) return
    if (kind === 'outbox') return putSent(tx, value as Sent)
    if (kind === 'drafts' && await wasSaved(tx, value as StoredDraft)) return
    const there = await tx.objectStore(kind).get(key)
    if (key === 'seq') await tx.objectStore('meta').put(Math.max(Number(value), Number(there ?? 0)), key)
    else if (there !== undefined) return
    else if (kind === 'meta') await tx.objectStore('meta').put(value, key)
    else if (kind === 'photos') await tx.objectStore('photos').put({ ...value as StoredPhoto, kept_at: Date.now() }) // its draft may come only later
    else await tx.objectStore(kind).put(value as StoredDraft & StoredRecord)
  })
}

/** Into the new store, before the copy came back: the draft would be saved a second time under another id. */
async function wasSaved(tx: WriteTx, { key, id, base }: StoredDraft): Promise<boolean> {
  return !base && !key.startsWith('aside/') && await tx.objectStore('records').index('id').count(id) > 0
}

async function putSent(tx: WriteTx, { row, record }: Sent): Promise<void> {
  if (await tx.objectStore('outbox').get(row.key)) return
  const photos = tx.objectStore('photos')
  const photo = record ? undefined : await photos.get(row.key.slice('/photos/'.length))
  if (record ? await tx.objectStore('records').get(record.key) : photo?.delivered_at !== null) return // it was delivered since
  if (record) await tx.objectStore('records').put(record)
  if (photo) await photos.put({ ...photo, owner: row.owner }) // it was copied while it belonged to a draft
  await tx.objectStore('outbox').put({ ...row, lease_until: 0, tries: row.tries || 1 }) // the server may have it: a correction must not take its place unseen
}
