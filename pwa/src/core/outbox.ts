import { eachPhoto, isFull, write, withStore, type AnyTx, type OutboxRow, type StoredPhoto, type StoredRecord, type StoreName, type WriteTx } from './db'
import type { Verdict } from './judge'
import { backoff } from './judge'
import { busyPaths, isOurs, patiently, sendOver, takeBack } from './heal'
import type { Receipt } from './wire'

/** The outbox as conditional updates on the person's store: two tabs, a kill at any moment and a late reply all end in one state.
 * draft → queued → sending (lease) → delivered | paused (signed out) | needs_attention 需处理 */
export type State = 'queued' | 'sending' | 'paused' | 'needs_attention' | 'delivered'

export const LEASE_MS = 60_000
export const PHOTO_LEASE_MS = 180_000
/** Of bodies as they are; as strings within a string they grow, at worst to twice that, and the server takes 256 KB. */
const BATCH_BYTES = 112 * 1024

export type Sending = { row: OutboxRow } & ({ record: StoredRecord; photo?: undefined } | { photo: StoredPhoto; record?: undefined })

/** Nothing in the store says "sending" or "paused": a lease and the pause say it, so a kill cannot leave a thing stuck in either. */
export function stateOf(row: OutboxRow | undefined, { now, paused }: { now: number; paused: boolean }): State {
  if (!row) return 'delivered'
  if (row.problem) return 'needs_attention'
  if (row.lease_until > now) return 'sending'
  return paused ? 'paused' : 'queued'
}

/** The longest wait that is ever given (judge.ts). One that seems longer was written by a clock that was wrong and has been put right since. */
const MOST_WAIT_MS = 3_600_000
export const isOver = (until: number, now: number, most = MOST_WAIT_MS) => until <= now || until > now + most

const NONE: ReadonlySet<string> = new Set()
export const isPhoto = (row: OutboxRow) => row.key.startsWith('/photos/')

/** The next row that may go: in order, not refused, not waiting, not leased, and everything it comes after is delivered or leaves before it (`riding`). */
export function nextOf(rows: OutboxRow[], now: number, riding: ReadonlySet<string> = NONE, fits: (row: OutboxRow) => boolean = () => true): OutboxRow | undefined {
  const unsent = new Set(rows.map(row => row.key).filter(key => !riding.has(key)))
  return rows.find(row => !row.problem && unsent.has(row.key) && fits(row) && isOver(row.next_at, now) && isOver(row.lease_until, now) && row.after.every(key => !unsent.has(key)))
}

/** When it is worth looking again, if nothing else happens before. */
export function nextTime(rows: OutboxRow[]): number | undefined {
  const unsent = new Set(rows.map(row => row.key))
  const times = rows.filter(row => !row.problem && row.after.every(key => !unsent.has(key))).map(row => Math.max(row.next_at, row.lease_until))
  return times.length ? Math.min(...times) : undefined
}

export function rowsInOrder(personId: string): Promise<OutboxRow[]> {
  return withStore(personId, db => db.getAllFromIndex('outbox', 'order'))
}

/** Claim by one conditional update: of two senders only one gets the row. */
export async function claim(personId: string, now: number): Promise<Sending | undefined> {
  return (await claimSome(personId, now, 1))[0]
}

/** The next one, or up to `most` records that may leave together. A child may ride behind its parent; a photo goes alone, and a correction waits
 * for the receipt of what it corrects. */
export async function claimSome(personId: string, now: number, most: number): Promise<Sending[]> {
  const stores: StoreName[] = ['outbox', 'records', 'photos']
  try {
    return await write(personId, stores, async tx => {
      const claimed = await choose(tx, now, most)
      for (const { row: leased } of claimed) await tx.objectStore('outbox').put(leased)
      return claimed
    })
  } catch (error) {
    if (!isFull(error)) throw error
    return withStore(personId, db => choose(db.transaction(stores), now, most)) // no room for a lease: it leaves all the same, and makes room
  }
}

async function choose(tx: AnyTx, now: number, most: number): Promise<Sending[]> {
  const rows = await tx.objectStore('outbox').index('order').getAll()
  const riding = new Set<string>()
  const owners = new Set<string>()
  const claimed: Sending[] = []
  for (let bytes = 0; claimed.length < most;) {
    // Records before photos: a photo that sticks on a slow line delays nothing that was written.
    const row = nextOf(rows, now, riding, one => !isPhoto(one) && !owners.has(one.owner)) ?? (claimed.length ? undefined : nextOf(rows, now, riding))
    const sending = row && await lease(tx, row, now)
    if (!row) break
    riding.add(row.key)
    if (!sending) continue
    bytes += sending.record ? sizeOf(sending.record) : 0
    if (claimed.length && bytes > BATCH_BYTES) break
    owners.add(row.owner)
    claimed.push(sending)
    if (sending.photo) break
  }
  return claimed
}

/** What the row would send, with its lease; nothing (and the row goes) when its record was discarded. */
async function lease(tx: AnyTx, row: OutboxRow, now: number): Promise<Sending | undefined> {
  const photo = isPhoto(row) ? await tx.objectStore('photos').get(row.key.slice('/photos/'.length)) : undefined
  const record = photo ? undefined : await tx.objectStore('records').get(row.key)
  if (!photo && !record) {
    await tx.objectStore('outbox').delete?.(row.key) // there is none where nothing can be written
    return undefined
  }
  const leased = { ...row, tries: row.tries + 1, lease_until: now + (photo ? PHOTO_LEASE_MS : LEASE_MS) }
  return photo ? { row: leased, photo } : { row: leased, record: record! }
}

function sizeOf(record: StoredRecord): number {
  return typeof record.body === 'string' ? new TextEncoder().encode(record.body).length : record.body.data.byteLength
}

/** End leases before their time: only for who knows that nobody else is sending. */
export function release(personId: string): Promise<void> {
  return write(personId, ['outbox'], async tx => {
    const outbox = tx.objectStore('outbox')
    for (const row of await outbox.getAll()) if (row.lease_until > 0) await outbox.put({ ...row, lease_until: 0 })
  })
}

export type Answered = [sent: Sending, verdict: Verdict]

export function settle(personId: string, sent: Sending, verdict: Verdict, now: number): Promise<void> {
  return settleAll(personId, [[sent, verdict]], now)
}

/** Write down what the answers meant, all in one transaction. A receipt counts whenever it comes, and only for the very version whose digest it names. */
export function settleAll(personId: string, answered: Answered[], now: number): Promise<void> {
  return write(personId, ['outbox', 'records', 'photos'], async tx => {
    for (const [sent, verdict] of answered) {
      const row = await tx.objectStore('outbox').get(sent.row.key)
      if (verdict.is === 'delivered') await deliver(tx, sent, verdict.receipt, now)
      else if (row && isOurs(row, verdict)) await takeBack(tx, row, verdict.is === 'refused' ? verdict.problem.digest : undefined)
      else if (row && verdict.is === 'refused' && await sendOver(tx, row, verdict.problem.digest)) continue
      else if (row) await postpone(tx, row, sent, patiently(row, verdict), now)
    }
  })
}

async function deliver(tx: WriteTx, sent: Sending, receipt: Receipt, now: number): Promise<void> {
  await tx.objectStore('outbox').delete(sent.row.key)
  if (sent.photo) {
    const photo = await tx.objectStore('photos').get(sent.photo.id)
    if (photo) await tx.objectStore('photos').put({ ...photo, delivered_at: now })
  } else {
    const record = await tx.objectStore('records').get(sent.record.key)
    if (record) await tx.objectStore('records').put({ ...record, receipt, delivered_at: now })
  }
}

async function postpone(tx: WriteTx, row: OutboxRow, sent: Sending, verdict: Verdict, now: number): Promise<void> {
  const outbox = tx.objectStore('outbox')
  if (verdict.is === 'refused') {
    const newer = (await outbox.index('owner').getAll(row.owner)).find(other => other.after.includes(row.key) && !isPhoto(other) && other.key.startsWith(`${row.owner}@`))
    if (newer && sent.record) await replace(tx, sent.record, row, newer)
    else await outbox.put({ ...row, lease_until: 0, problem: verdict.problem, last: verdict.problem.title })
  } else if (verdict.is === 'again') {
    const { afterMs, waitMs, why } = verdict
    await outbox.put({ ...row, lease_until: 0, next_at: now + (waitMs ?? backoff(row.tries, afterMs)), not_before: afterMs && now + afterMs, last: why })
  } else {
    // Not the row's fault: it goes first when the person is back, or when its parent is there.
    await outbox.put({ ...row, lease_until: 0, tries: row.tries - 1, last: verdict.is === 'sign_in' ? '等待重新登录' : row.last })
  }
}

/** The server refused the older version and a newer one waits behind it: the newer takes its place, as if it were the first. */
async function replace(tx: WriteTx, old: StoredRecord, oldRow: OutboxRow, newer: OutboxRow): Promise<void> {
  const record = await tx.objectStore('records').get(newer.key)
  if (record) await tx.objectStore('records').put({ ...record, if_match: old.if_match })
  await tx.objectStore('outbox').put({ ...newer, after: [...newer.after.filter(key => key !== old.key), ...oldRow.after] })
  await drop(tx, old, newer.key)
}

/** Remove a version that never reached the server; what waited for it now waits for `heir`. */
export async function drop(tx: WriteTx, old: StoredRecord, heir: string): Promise<void> {
  await tx.objectStore('outbox').delete(old.key)
  await tx.objectStore('records').delete(old.key)
  const outbox = tx.objectStore('outbox')
  for (const row of await outbox.getAll()) {
    if (row.after.includes(old.key)) await outbox.put({ ...row, after: row.after.map(key => key === old.key ? heir : key).filter(key => key !== row.key) })
  }
}

/** The network is back, or 立即上传 (`asked`, which the server's wish to be left alone does not stop): what waits out a backoff need not; what was
 * refused stays for a person to decide. */
export function hurry(personId: string, asked: boolean): Promise<void> {
  return write(personId, ['outbox'], async tx => {
    const outbox = tx.objectStore('outbox')
    for (const row of await outbox.getAll()) if (row.next_at > 0 && !row.problem) await outbox.put({ ...row, next_at: asked ? 0 : row.not_before ?? 0 })
  })
}

const DAY_MS = 86_400_000

/** Delivered copies leave the phone after 30 days, their photos after 14, and only right after the server `confirmed` that it has them; what it has not never does. */
export function purge(personId: string, now: number, { confirmed } = { confirmed: true }): Promise<void> {
  return write(personId, ['records', 'photos', 'drafts', 'outbox'], async tx => {
    const records = tx.objectStore('records')
    const busy = busyPaths(await tx.objectStore('outbox').getAll()) // nobody asked about those
    if (confirmed) for (const record of await records.getAll()) if (isOld(record, now, 30) && !busy.has(record.path)) await records.delete(record.key)
    const drafts = new Set(await tx.objectStore('drafts').getAllKeys())
    const photos = tx.objectStore('photos')
    await eachPhoto(tx, async photo => {
      const orphan = photo.owner.startsWith('draft:') && !drafts.has(photo.owner.slice('draft:'.length)) && photo.kept_at < now - DAY_MS
      if (orphan || (confirmed && isOld(photo, now, 14))) await photos.delete(photo.id)
    })
  })
}

function isOld(thing: { delivered_at: number | null }, now: number, days: number): boolean {
  return thing.delivered_at !== null && thing.delivered_at < now - days * DAY_MS
}
