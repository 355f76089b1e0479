/* A second hand on the same phone: the app's own modules, on the same store, locks and channel as the app that is open, so that hundreds of records
   are saved in seconds. Built by build.mjs beside the app, never into it; what it knows as saved it says at once on the console, which a kill cannot take back. */
import { wake } from '../../pwa/src/core/bell'
import { shrink } from '../../pwa/src/core/camera'
import { readSetting, withStore, type OutboxRow, type Who } from '../../pwa/src/core/db'
import { uuid7 } from '../../pwa/src/core/ids'
import { person } from '../../pwa/src/core/person'
import { keepPhoto } from '../../pwa/src/core/photos'
import { save, type RecordRoute, type Saving } from '../../pwa/src/core/save'
import { unseal } from '../../pwa/src/core/seal'
import type { PhotoListing } from '../../pwa/src/core/wire'

export interface Wish {
  posting: string
  marks: string[] // one record each; the mark is its words
  photos?: number // on each
  pause?: number // ms between two
  poison?: number[] // of these, by number, the server will have none
  stop?: boolean // at the first that the phone refuses
  small?: boolean // photos of a few hundred bytes
}

export interface Saved { path: string; digest: string; mark: string; photos: PhotoListing[] }
export interface Row { key: string; problem: string | null; tries: number; wait: number; leased: boolean }

/** As soon as the app has found out who is here: after Chromium threw its stores away that takes a moment. */
async function me(): Promise<string> {
  for (let looks = 0; ; looks++) {
    const who = await readSetting<Who | null>('who')
    if (who) {
      if (person.value?.id !== who.person.id) person.value = who.person
      return who.person.id
    }
    if (looks > 100) throw new Error(`nobody is signed in; stores: ${(await indexedDB.databases()).map(one => one.name).join(' ')}; keys: ${Object.keys(localStorage).join(' ')}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

/** Visits; the sentences of those that the phone would not save. */
export async function visits(wish: Wish): Promise<string[]> {
  await me()
  const refused: string[] = []
  for (const [i, mark] of wish.marks.entries()) {
    const whom = wish.poison?.includes(i) ? '楼'.repeat(200) : '3号楼'
    try {
      const photos = await pictures(mark, wish.photos ?? 0, wish.small)
      const body = { posting_id: wish.posting, kind: 'household' as const, whom, households: 3, said: mark, started_at: null, ended_at: null, place: null, photos }
      await keep('PUT /api/visits/{id}', { id: uuid7(), body, words: `走访 · ${mark}`, sealed: true, draft: `faults/${mark}` }, mark)
    } catch (error) {
      refused.push(String((error as Error).message))
      if (wish.stop) return refused
    }
    if (wish.pause) await new Promise(resolve => setTimeout(resolve, wish.pause))
  }
  return refused
}

/** An issue and a step on it, which may only follow it. */
export async function issues(wish: Wish): Promise<void> {
  await me()
  for (const mark of wish.marks) {
    const id = uuid7()
    const body = { posting_id: wish.posting, visit_id: null, category: '0301', what: mark, more: '', place_words: '', contact: null, photos: await pictures(mark, wish.photos ?? 0) }
    await keep('PUT /api/issues/{id}', { id, body, words: `问题 · ${mark}`, sealed: true, draft: `faults/${mark}` }, mark)
    const step = { issue_id: id, note: `${mark}.1`, state: 'in_progress' as const, agenda: false, photos: [] }
    await keep('PUT /api/issue-actions/{id}', { id: uuid7(), about: id, after: [`/issues/${id}`], body: step, words: '跟进' }, `${mark}.1`)
  }
}

/** Other words for a visit that was saved before, the way the form does it. */
export async function correct({ path, posting, mark }: { path: string; posting: string; mark: string }): Promise<void> {
  const who = await me()
  const versions = await withStore(who, db => db.getAllFromIndex('records', 'path', path))
  const latest = versions.sort((a, b) => b.version - a.version)[0]!
  const body = { posting_id: posting, kind: 'household' as const, whom: '3号楼', households: 3, said: mark, started_at: null, ended_at: null, place: null, photos: [] }
  await keep('PUT /api/visits/{id}', { id: latest.id, body, words: `更正 · ${mark}`, correcting: latest.digest, sealed: true }, mark)
}

async function keep<R extends RecordRoute>(route: R, saving: Saving<R>, mark: string): Promise<void> {
  const record = await save(route, saving)
  const photos = (saving.body as { photos?: PhotoListing[] }).photos ?? []
  console.log('SAVED ' + JSON.stringify({ path: record.path, digest: record.digest, mark, photos } satisfies Saved))
}

async function pictures(mark: string, count: number, small = false): Promise<PhotoListing[]> {
  const found: PhotoListing[] = []
  for (let i = 0; i < count; i++) found.push(await keepPhoto(`faults/${mark}`, await shrink(await picture(small ? 16 : 320))))
  return found
}

/** Noise of some 40 KB, so that no two are alike and half of one is no picture. */
async function picture(width: number): Promise<Blob> {
  const height = width * 3 / 4
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')!
  const pixels = context.createImageData(width, height)
  for (let at = 0; at < pixels.data.length; at += 65_536) crypto.getRandomValues(new Uint8Array(pixels.data.buffer, at, Math.min(65_536, pixels.data.length - at)))
  context.putImageData(pixels, 0, 0)
  return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })
}

/** What is still unsent, whoever asks. */
export async function outbox(): Promise<Row[]> {
  const who = await me()
  const now = Date.now()
  const rows: OutboxRow[] = await withStore(who, db => db.getAllFromIndex('outbox', 'order'))
  return rows.map(row => ({ key: row.key, problem: row.problem?.title ?? null, tries: row.tries, wait: row.next_at - now, leased: row.lease_until > now }))
}

/** Rows without what they would send, and unconfirmed records that nothing will ever send. */
export async function halves(): Promise<string[]> {
  const who = await me()
  return withStore(who, async db => {
    const tx = db.transaction(['outbox', 'records', 'photos'])
    const [queued, records, photos] = await Promise.all([tx.objectStore('outbox').getAllKeys(), tx.objectStore('records').getAll(), tx.objectStore('photos').getAllKeys()])
    const known = new Set([...records.map(record => record.key), ...photos.map(id => `/photos/${id}`)])
    const rows = new Set(queued)
    const listed = records.filter(record => record.receipt === null).flatMap(record => record.photos.map(id => `/photos/${id}`))
    return [...queued.filter(key => !known.has(key)), ...records.filter(record => record.receipt === null && !rows.has(record.key)).map(record => record.key), ...listed.filter(key => !known.has(key))]
  })
}

/** Everything this phone holds, as if it were said now: what was saved through a form. */
export async function tell(): Promise<void> {
  const who = await me()
  const records = await withStore(who, db => db.getAll('records'))
  for (const record of records.sort((a, b) => a.version - b.version)) {
    const body = JSON.parse(await unseal(who, record.body)) as { said?: string; what?: string; note?: string; photos?: PhotoListing[] }
    const mark = body.said ?? body.what ?? body.note ?? ''
    console.log('SAVED ' + JSON.stringify({ path: record.path, digest: record.digest, mark, photos: body.photos ?? [] } satisfies Saved))
  }
}

/** What each receipt says: [digest, whether it was a replay]. */
export async function receipts(): Promise<[string, boolean][]> {
  const who = await me()
  const records = await withStore(who, db => db.getAll('records'))
  return records.filter(record => record.receipt).map(record => [record.digest, record.receipt!.replayed])
}

/** The store as it is, in plain words: what a release leaves behind for upgraded() to open. Sealed bodies are opened; load.js seals them again. */
export async function dump(): Promise<object> {
  const who = await me()
  const text = (data: ArrayBuffer) => btoa(Array.from(new Uint8Array(data), byte => String.fromCharCode(byte)).join(''))
  const { records, photos, outbox, drafts } = await withStore(who, async db => {
    const tx = db.transaction(['records', 'photos', 'outbox', 'drafts'])
    const [records, photos, outbox, drafts] = await Promise.all([tx.objectStore('records').getAll(), tx.objectStore('photos').getAll(), tx.objectStore('outbox').getAll(), tx.objectStore('drafts').getAll()])
    return { records, photos, outbox, drafts }
  })
  const opened = await Promise.all(records.map(async record => ({ ...record, body: await unseal(who, record.body), sealed: typeof record.body !== 'string' })))
  return { records: opened, photos: photos.map(photo => ({ ...photo, data: text(photo.data) })), outbox, drafts }
}

/** As a browser that needs room: the stores of persons, or all there is; with the copy that lies apart from them. */
export async function wipe([everything, copyToo]: [boolean, boolean]): Promise<void> {
  const { storageBuckets } = navigator as unknown as { storageBuckets: { delete(name: string): Promise<void> } }
  if (copyToo) await storageBuckets.delete('hongling-unsent') // first, else the app would put back from it what goes next
  const names = (await indexedDB.databases()).map(one => one.name!).filter(name => everything || name !== 'hongling')
  await Promise.all(names.map(name => new Promise(resolve => {
    const asked = indexedDB.deleteDatabase(name)
    asked.onsuccess = asked.onerror = asked.onblocked = resolve
  })))
}

export { wake }
