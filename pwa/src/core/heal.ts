import { eachPhoto, type OutboxRow, type StoredPhoto, type StoredRecord, type WriteTx } from './db'
import { backoff, type Verdict } from './judge'

/* A server restored from its backup lacks what came after it. What this phone delivered and the server lacks goes into the outbox again, with the
   same bytes; until the server answers, the old receipt is kept in the row (`healing`), because the answer may be that the server has something newer. */

const HEALING_TRIES = 1000 // at five minutes each, more than three days
const SOON = { tries: 40, ms: 30_000 } // the other phone is mostly as quick as this one

/** The server turned a healed row away because it has this record in a version that another phone wrote: then nothing is missing. */
export function isOurs(row: OutboxRow, verdict: Verdict): boolean {
  if (!row.healing) return false
  return verdict.is === 'refused' ? verdict.problem.type === 'digest_differs' : verdict.is === 'again' && verdict.type === 'photo_unlisted' && row.tries > 2 // its record went before it
}

/** What a healed record belongs to may lie on another phone, which comes back later: so it was taken once, and it is not refused for days. */
export function patiently(row: OutboxRow, verdict: Verdict): Verdict {
  if (!row.healing || verdict.is !== 'refused' || row.tries > HEALING_TRIES) return verdict
  const soon = row.tries <= SOON.tries ? { waitMs: Math.min(backoff(row.tries), SOON.ms) } : {}
  return { is: 'again', why: '正在等服务器恢复', type: verdict.problem.type, ...soon }
}

/** The server was set back to an older version of this very phone, or to what one of them corrected: the newer one is sent over that. */
export async function sendOver(tx: WriteTx, row: OutboxRow, stored: string | undefined): Promise<boolean> {
  const records = tx.objectStore('records')
  const record = await records.get(row.key)
  if (!record || !stored || stored === record.if_match) return false
  const older = (await records.index('path').getAll(row.owner)).some(one => one.version <= record.version && (one.digest === stored || one.if_match === stored))
  if (!older) return false
  await records.put({ ...record, if_match: stored })
  await tx.objectStore('outbox').put({ ...row, lease_until: 0 })
  return true
}

/** Delivered it was and delivered it is, unless it has to be sent over an older one. */
export async function takeBack(tx: WriteTx, row: OutboxRow, stored?: string): Promise<void> {
  const { receipt, delivered_at } = row.healing!
  if (row.key.startsWith('/photos/')) {
    const photo = await tx.objectStore('photos').get(row.key.slice('/photos/'.length))
    if (photo) await tx.objectStore('photos').put({ ...photo, delivered_at, let_go: true })
  } else {
    if (await sendOver(tx, row, stored)) return
    const records = tx.objectStore('records')
    const record = await records.get(row.key)
    if (record) await records.put({ ...record, receipt, delivered_at, let_go: true })
  }
  await tx.objectStore('outbox').delete(row.key)
}

/** Records on their way. Not those of which only photos wait: the record itself was delivered, and the server may have lost it. */
export function busyPaths(rows: OutboxRow[]): Set<string> {
  return new Set(rows.filter(row => !row.key.startsWith('/photos/')).map(row => row.owner))
}

/** Queue again what the server lacks, before everything else and in the order it was made. `lacks`: paths, as asked.
 * What was refused because the server did not know its posting or meeting goes once more too: another phone may have brought that back. */
export async function requeue(tx: WriteTx, lacks: Set<string>): Promise<number> {
  const outbox = tx.objectStore('outbox')
  const waiting = await outbox.getAll()
  for (const row of waiting) if (row.problem?.status === 404) await outbox.put({ ...row, problem: null, next_at: 0 })
  const busy = busyPaths(waiting)
  const lost = newestDelivered(await tx.objectStore('records').getAll()).filter(record => lacks.has(record.path) && !busy.has(record.path))
  const photos: StoredPhoto[] = []
  await eachPhoto(tx, photo => photo.delivered_at !== null && lacks.has(`/photos/${photo.id}`) && photos.push(photo))
  const first = waiting.reduce((least, row) => Math.min(least, row.order), 0) - lost.length - 1
  for (const [i, record] of lost.entries()) {
    const parents = lost.slice(0, i).filter(one => one.id === record.about && one.path !== record.path).map(one => one.key)
    await tx.objectStore('records').put({ ...record, receipt: null, delivered_at: null })
    await outbox.put(again(record.key, record.path, { order: first + i, after: parents, made_at: record.made_at, healing: { receipt: record.receipt, delivered_at: record.delivered_at } }))
  }
  for (const photo of photos) {
    const record = lost.find(one => one.path === photo.owner)
    const after = record ? [record.key] : waiting.filter(one => one.owner === photo.owner && !one.key.startsWith('/photos/')).map(one => one.key)
    await tx.objectStore('photos').put({ ...photo, delivered_at: null })
    await outbox.put(again(`/photos/${photo.id}`, photo.owner, { order: first + lost.length, after, made_at: record?.made_at ?? new Date(photo.kept_at).toISOString(), healing: { receipt: null, delivered_at: photo.delivered_at } }))
  }
  return lost.length + photos.length
}

function again(key: string, owner: string, more: Pick<OutboxRow, 'order' | 'after' | 'made_at' | 'healing'>): OutboxRow {
  return { key, owner, tries: 0, next_at: 0, lease_until: 0, last: '', problem: null, ...more }
}

/** The newest version of each record, if it was delivered, oldest first. */
export function newestDelivered(records: StoredRecord[]): StoredRecord[] {
  const newest = new Map<string, StoredRecord>()
  for (const record of records) if ((newest.get(record.path)?.version ?? 0) < record.version) newest.set(record.path, record)
  return [...newest.values()].filter(record => record.receipt !== null).sort((a, b) => a.made_at < b.made_at || (a.made_at === b.made_at && a.path < b.path) ? -1 : 1)
}
