import type { Route } from './api'
import { sha256 } from './digest'
import { isFull, reserve, Stale, write, type OutboxRow, type StoredRecord, type WriteTx } from './db'
import { endsWith, isBlind } from './draft'
import { salt } from './ids'
import { drop } from './outbox'
import { person } from './person'
import { isAtWork } from './photos'
import type { PhotoListing, Routes } from './wire'
import { mustOpen, seal } from './seal'
import { guessSeq, lookAhead, nextSeq, takeSeq } from './seq'
import { protect } from './storage'
import { announce, wake } from './bell'
import { expect } from './waiting'

/** A route that takes a record: its body carries what the phone adds. */
export type RecordRoute = { [R in Route]: Routes[R]['body'] extends { made_at: string; seq: number; salt: string } ? R : never }[Route]
type Added = 'made_at' | 'seq' | 'salt'

export interface Saving<R extends RecordRoute> {
  /** Made with uuid7() when the form opened, never at save: a second tap is the same record. */
  id: string
  body: Omit<Routes[R]['body'], Added>
  /** One line for 待上传, as the person would name it: 走访 · 3号楼李阿姨 */
  words: string
  /** The record it belongs to (the issue of an action), so that a page finds what is local. */
  about?: string
  /** Paths that must be on the server first, if they are still on the phone: ['/visits/<id>'] */
  after?: string[]
  /** Digest of the version the person was looking at: this save is a correction of it. */
  correcting?: string
  /** Key of the draft that ends with this save, in the same transaction. */
  draft?: string
  /** True keeps the body unreadable on the disk of the phone (a resident's contact). */
  sealed?: boolean
}

/** Its message is a Chinese sentence for the person; nothing was stored. */
export class NotSaved extends Error {}

/** Save = one transaction: record, photos, outbox row, and the draft goes. Resolves when it is on disk, rejects with nothing stored. */
export function save<R extends RecordRoute>(route: R, saving: Saving<R>): Promise<StoredRecord> {
  const who = person.value?.id
  const { draft, ...rest } = saving
  const ends = draft && who && !isBlind(who, draft) ? { draft } : {} // one that the form does not show is still to be finished
  if (draft && isAtWork(draft)) return Promise.reject(new NotSaved('照片还在处理，请等一两秒再保存'))
  const saved = saveOf(who, route, { ...rest, ...ends })
  if (who && draft) endsWith(who, draft, saved)
  return saved
}

async function saveOf<R extends RecordRoute>(who: string | undefined, route: R, saving: Saving<R>): Promise<StoredRecord> {
  if (!who) throw new NotSaved('请先登录，再保存')
  const path = route.slice('PUT /api'.length).replace(/\{\w+\}/, saving.id)
  try {
    const saved = counted(who, seq => written(who, path, saving, seq), (tx, fresh) => store(tx, who, fresh, saving))
    const shown = saved.then(({ record, rows }) => {
      if (person.value?.id === who) expect(who, record, rows)
      return record
    })
    const [record] = await Promise.all([shown, reserve(copy => copy.keep(who, saved), { after: saved })])
    setTimeout(() => afterwards(who), DRAWN_MS)
    return record
  } catch (error) {
    throw error instanceof NotSaved ? error : new NotSaved(sentence(error))
  }
}

/** All that reads the store again waits until the person has seen that it is saved. */
const DRAWN_MS = 50
function afterwards(who: string): void {
  announce()
  wake('save')
  void protect(who)
}

type Fresh = Omit<StoredRecord, 'key' | 'version' | 'if_match'> & { seq: number }
/** `rows`: of the record, and of its photos. */
interface Saved { record: StoredRecord; rows: OutboxRow[] }
/** A save is one durable write, that of its number too: its body is made anew where another window took the number, or the store is a new one. */
async function counted(who: string, make: (seq: number) => Promise<Fresh>, put: (tx: WriteTx, fresh: Fresh) => Promise<Saved>): Promise<Saved> {
  for (;;) {
    const fresh = await make(guessSeq(who))
    try {
      return await write(who, ['records', 'photos', 'outbox', 'drafts', 'meta'], tx => put(tx, fresh))
    } catch (error) {
      if (!(error instanceof Stale)) throw error
    }
  }
}

/** The record in the very bytes that every try will send. */
async function written<R extends RecordRoute>(who: string, path: string, saving: Saving<R>, seq: number): Promise<Fresh> {
  const made_at = new Date().toISOString()
  const text = JSON.stringify({ ...saving.body, made_at, seq, salt: salt() })
  const [body, digest] = await Promise.all([saving.sealed ? seal(who, text) : text, sha256(text)])
  return {
    path, made_at, seq, id: saving.id, kind: path.split('/').slice(1).filter(part => part !== saving.id).join('-'),
    about: saving.about ?? saving.id, words: saving.words, photos: photosOf(saving.body).map(photo => photo.id),
    body, digest, receipt: null, delivered_at: null,
  }
}

/** What was saved before, under another id: what it says stays, and when it was made. `first` runs in the same transaction. */
export async function saveAs(who: string, like: Omit<Fresh, 'seq'>, body: object, sealed: boolean, first: (tx: WriteTx) => Promise<void>): Promise<StoredRecord> {
  const make = async (seq: number): Promise<Fresh> => {
    const text = JSON.stringify({ ...body, seq, salt: salt() })
    const { path, made_at, id, kind, about, words, photos } = like
    return { path, made_at, seq, id, kind, about, words, photos, body: sealed ? await seal(who, text) : text, digest: await sha256(text), receipt: null, delivered_at: null }
  }
  await lookAhead(who) // nothing of `first` is done twice for a wrong guess
  const { record } = await counted(who, make, async (tx, fresh) => {
    await first(tx)
    return store(tx, who, fresh, {})
  })
  return record
}

/** Reads first and all at once, then writes all at once: every answer of the store that is waited for alone costs a slow phone milliseconds. */
async function store(tx: WriteTx, who: string, { seq, ...fresh }: Fresh, saving: { correcting?: string; after?: string[]; draft?: string }): Promise<Saved> {
  const records = tx.objectStore('records')
  const outbox = tx.objectStore('outbox')
  mustOpen(tx, fresh.body)
  const [countUp, versions, after, earliest] = await Promise.all([
    takeSeq(tx, who, seq), records.index('path').getAll(fresh.path), unsentOf(tx, saving.after ?? []), notBefore(tx, fresh.about),
  ])
  const latest = versions.sort((a, b) => b.version - a.version)[0]
  if (latest && !saving.correcting) throw new NotSaved('这一条已保存过（可能在另一个窗口）。这里写的仍是草稿，返回后再打开，可另存为新的一条')
  if (latest && saving.correcting !== latest.digest && !latest.receipt) throw new NotSaved('这一条刚在别处改过，请返回后重新打开')
  const version = (latest?.version ?? 0) + 1
  const key = `${fresh.path}@${version}`
  const before = latest && await outbox.get(latest.key)
  let order = seq
  let next_at = earliest
  let if_match = saving.correcting ?? null
  if (latest && before) {
    if (before.problem || (before.tries === 0 && before.lease_until === 0)) {
      // It is not on the server: this version takes its place, with its place in the queue.
      order = before.order
      if_match = before.problem?.digest ?? latest.if_match
      after.push(...before.after)
      await drop(tx, latest, key)
      next_at = await notBefore(tx, fresh.about) // without what it replaces
    } else {
      after.push(latest.key)
      if_match = latest.digest
    }
  }
  const record: StoredRecord = { ...fresh, key, version, if_match }
  const row: OutboxRow = { ...rowOf(key, fresh.path, { order, after, made_at: fresh.made_at }), next_at }
  const writes = [
    countUp,
    () => records.put(record),
    () => outbox.put(row),
    () => saving.draft && tx.objectStore('drafts').delete(saving.draft),
  ]
  // One that cannot even begin leaves none of the others unheard.
  const [photos] = await Promise.all([queuePhotos(tx, record, order), ...writes.map(async act => act())])
  return { record, rows: [row, ...photos] }
}

/** A later step must not overtake an earlier one about the same thing that waits out a backoff: they leave together then. */
async function notBefore(tx: WriteTx, about: string): Promise<number> {
  const keys = await tx.objectStore('records').index('about').getAllKeys(about)
  const earlier = await Promise.all(keys.map(key => tx.objectStore('outbox').get(key)))
  return Math.max(0, ...earlier.map(row => row && !row.problem ? row.next_at : 0))
}

/** Photos follow their record one by one. Those of an earlier version that are no longer listed stay behind. */
async function queuePhotos(tx: WriteTx, record: StoredRecord, order: number): Promise<OutboxRow[]> {
  const photos = tx.objectStore('photos')
  const outbox = tx.objectStore('outbox')
  const queue = async (id: string, i: number) => {
    const key = `/photos/${id}`
    const [photo, queued] = await Promise.all([photos.get(id), outbox.get(key)])
    if (!photo || photo.delivered_at !== null) return []
    const row = queued ?? rowOf(key, record.path, { order: order + (i + 1) / 100, after: [record.key], made_at: record.made_at })
    await Promise.all([photo.owner !== record.path && photos.put({ ...photo, owner: record.path }), !queued && outbox.put(row)])
    return [row]
  }
  const leave = async (id: string) => Promise.all([outbox.delete(`/photos/${id}`), photos.delete(id)])
  const owned = photos.index('owner').getAllKeys(record.path).then(ids => Promise.all(ids.filter(id => !record.photos.includes(id)).map(leave)))
  const [queued] = await Promise.all([Promise.all(record.photos.map(queue)), owned])
  return queued.flat()
}

function rowOf(key: string, owner: string, rest: Pick<OutboxRow, 'order' | 'after' | 'made_at'>): OutboxRow {
  return { key, owner, tries: 0, next_at: 0, lease_until: 0, last: '', problem: null, ...rest }
}

/** Keys of the versions of these paths that are still on the phone. */
async function unsentOf(tx: WriteTx, paths: string[]): Promise<string[]> {
  const owned = tx.objectStore('outbox').index('owner')
  const found = await Promise.all(paths.map(async path => (await owned.getAllKeys(path)).filter(key => key.startsWith(`${path}@`))))
  return found.flat()
}

/** What a record carries, for the few whose answer is needed at once and may not lie on the phone (a resident's contact). Everything else goes through save(). */
export async function stamped<T extends object>(body: T): Promise<T & { made_at: string; seq: number; salt: string }> {
  const who = person.value?.id
  if (!who) throw new NotSaved('请先登录')
  return { ...body, made_at: new Date().toISOString(), seq: await nextSeq(who), salt: salt() }
}

function photosOf(body: unknown): PhotoListing[] {
  return (body as { photos?: PhotoListing[] }).photos ?? []
}

function sentence(error: unknown): string {
  if (isFull(error)) return '手机存储空间不足，没有保存。请清理空间后再点保存，填写的内容还在'
  return '没有保存成功，填写的内容还在，请再点一次保存'
}
