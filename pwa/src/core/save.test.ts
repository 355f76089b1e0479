import { beforeEach, expect, test, vi } from 'vitest'
import { onChange, onWake } from './bell'
import { close, OPENS_WITHIN_MS, reserve, withStore, write, type StoredRecord } from './db'
import { keepPhoto } from './photos'
import { NotSaved, save, type Saving } from './save'
import { AN, destroyUnseen, digestOf, signedIn, wipe } from './testing'
import { unseal } from './seal'
import { progressOf, refresh, waiting } from './waiting'

const BODY = { posting_id: 'p1', kind: 'household' as const, whom: '3号楼李阿姨', said: '楼道灯坏了' }
const visit = (id: string, more: Partial<Saving<'PUT /api/visits/{id}'>> = {}) => save('PUT /api/visits/{id}', { id, body: BODY, words: '走访', ...more })
const all = <S extends 'records' | 'outbox' | 'drafts' | 'photos'>(store: S) => withStore(AN.id, db => db.getAll(store))
const shrunk = (text: string) => ({ data: new TextEncoder().encode(text).buffer as ArrayBuffer, type: 'image/jpeg', digest: `digest of ${text}`, bytes: text.length })

beforeEach(async () => {
  await wipe()
  await signedIn(AN)
})

test('a save leaves one record, one row in the outbox, and bytes whose digest is the one it names', async () => {
  const record = await visit('v1')
  expect(await all('records')).toEqual([record])
  expect((await all('outbox')).map(row => row.key)).toEqual(['/visits/v1@1'])
  expect(await digestOf(record.body)).toBe(record.digest)
  expect(JSON.parse(record.body as string)).toMatchObject({ ...BODY, seq: 1, made_at: record.made_at, salt: expect.stringMatching(/^[0-9a-f]{32}$/) })
})

test('twenty taps in a second are one record', async () => {
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => visit('v1')))
  expect(results.filter(one => one.status === 'fulfilled')).toHaveLength(1)
  expect(await all('records')).toHaveLength(1)
  expect(await all('outbox')).toHaveLength(1)
})

test('seq counts up on this phone, gaps allowed, repeats not', async () => {
  await visit('v1')
  await expect(visit('v1')).rejects.toThrow('已保存过')
  await visit('v2')
  const seqs = (await all('records')).map(record => (JSON.parse(record.body as string) as { seq: number }).seq)
  expect(new Set(seqs).size).toBe(2)
  expect(seqs[1]).toBeGreaterThan(seqs[0]!)
})

test('what is saved at one time, here or in another window, has numbers of its own', async () => {
  const saving = [visit('v1'), visit('v2'), visit('v3')]
  // As another window does, after these have looked which number is next.
  await write(AN.id, ['meta'], async tx => { await tx.objectStore('meta').put(1000, 'seq') })
  await Promise.all(saving)
  const seqs = (await all('records')).map(record => (JSON.parse(record.body as string) as { seq: number }).seq)
  expect(seqs.sort((a, b) => a - b)).toEqual([1001, 1002, 1003])
  expect(await withStore(AN.id, db => db.get('meta', 'seq'))).toBe(1003)
})

test('a draft and its photos become the record in the same transaction', async () => {
  const photo = await keepPhoto('visits/new', shrunk('one'))
  await write(AN.id, ['drafts'], async tx => { await tx.objectStore('drafts').put({ key: 'visits/new', id: 'v1', value: '{}', updated_at: 1 }) })
  await visit('v1', { draft: 'visits/new', body: { ...BODY, photos: [photo] } })
  expect(await all('drafts')).toEqual([])
  expect((await all('photos'))[0]).toMatchObject({ id: photo.id, owner: '/visits/v1' })
  expect((await all('outbox')).map(row => [row.key, row.after])).toEqual([[`/photos/${photo.id}`, ['/visits/v1@1']], ['/visits/v1@1', []]])
})

test.each(['meta', 'outbox'])('when the disk is full at %s nothing is stored, the draft stays and the sentence says so', async full => {
  await write(AN.id, ['drafts'], async tx => { await tx.objectStore('drafts').put({ key: 'visits/new', id: 'v1', value: '{}', updated_at: 1 }) })
  const put = IDBObjectStore.prototype.put
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
    if (this.name === full) throw new DOMException('full', 'QuotaExceededError')
    return put.apply(this, args as [unknown])
  })
  await expect(visit('v1', { draft: 'visits/new' })).rejects.toThrow(/空间不足/)
  vi.restoreAllMocks()
  expect([await all('records'), await all('outbox')]).toEqual([[], []])
  expect(await all('drafts')).toHaveLength(1)
})

test('the person sees it saved before anything reads the store again, or sends', async () => {
  await new Promise(over => { setTimeout(over, 100) }) // those saved before have been looked at
  const seen: string[] = []
  const stop = onChange(() => seen.push('lists look again'))
  onWake(reason => seen.push(`sender: ${reason}`))
  await visit('v1')
  expect([waiting.value.count, ...seen]).toEqual([1])
  await vi.waitFor(() => expect(seen).toEqual(['lists look again', 'sender: save']))
  stop()
  onWake(() => undefined)
})

test('the page that opens shows photos as waiting too, and how many', async () => {
  const photos = [await keepPhoto('visits/new', shrunk('one')), await keepPhoto('visits/new', shrunk('two'))]
  await visit('v1', { body: { ...BODY, photos } })
  expect(progressOf('/visits/v1')).toMatchObject({ state: 'queued', photosLeft: 2, photosAll: 2 })
})

test('the page that opens after a refused record was put right does not show it as refused', async () => {
  const first = await visit('v1')
  await tried('/visits/v1@1', { problem: { type: 'invalid', title: '不对', status: 422 } })
  await refresh()
  expect(progressOf('/visits/v1').state).toBe('needs_attention')
  await visit('v1', { correcting: first.digest })
  expect(progressOf('/visits/v1').state).toBe('queued')
})

test('a store that takes long to write is no copy that does not answer', async () => {
  Object.defineProperty(navigator, 'storageBuckets', { configurable: true, value: {} })
  const after = async (ms: number, what: string) => { await new Promise(over => { setTimeout(over, ms) }); heard.push(what) }
  const heard: string[] = []
  const written = after(600, 'written')
  await reserve(() => written.then(() => after(50, 'copied')), { after: written })
  expect(heard).toEqual(['written', 'copied'])
  Reflect.deleteProperty(navigator, 'storageBuckets')
})

test('a store that never opens is not waited for for ever, and asked anew it opens', async () => {
  await close(AN.id)
  const silent = vi.spyOn(indexedDB, 'open').mockReturnValue({ addEventListener: () => undefined, removeEventListener: () => undefined } as unknown as IDBOpenDBRequest)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const saving = visit('v1').catch((error: unknown) => error)
  await vi.advanceTimersByTimeAsync(OPENS_WITHIN_MS + 1)
  expect(String(await saving)).toContain('填写的内容还在')
  vi.useRealTimers()
  silent.mockRestore()
  await visit('v1')
  expect(await all('records')).toHaveLength(1)
})

test('nobody signed in: nothing is saved', async () => {
  await signedIn(null)
  await expect(visit('v1')).rejects.toThrow(NotSaved)
})

test('a correction of a record that never left takes its place in the queue', async () => {
  const first = await visit('v1')
  await visit('v2')
  const second = await visit('v1', { correcting: first.digest, body: { ...BODY, said: '改过' } })
  expect((await all('records')).map(record => record.key)).toEqual(['/visits/v1@2', '/visits/v2@1'])
  expect(second.if_match).toBe(null)
  const rows = await withStore(AN.id, db => db.getAllFromIndex('outbox', 'order'))
  expect(rows.map(row => row.key)).toEqual(['/visits/v1@2', '/visits/v2@1'])
})

test('a correction of a record that was tried waits for its receipt and names its digest', async () => {
  const first = await visit('v1')
  await tried('/visits/v1@1')
  const second = await visit('v1', { correcting: first.digest })
  expect(second).toMatchObject({ version: 2, if_match: first.digest })
  expect((await all('outbox')).find(row => row.key === second.key)?.after).toEqual(['/visits/v1@1'])
  const third = await visit('v1', { correcting: second.digest })
  expect(third).toMatchObject({ version: 3, if_match: first.digest })
  expect((await all('outbox')).map(row => row.key)).toEqual(['/visits/v1@1', '/visits/v1@3'])
})

test('a correction of what another tab changed meanwhile is refused', async () => {
  const first = await visit('v1')
  await visit('v1', { correcting: first.digest })
  await expect(visit('v1', { correcting: first.digest })).rejects.toThrow('刚在别处改过')
})

test('a correction of a refused record is sent as if it were the first', async () => {
  const first = await visit('v1')
  await tried('/visits/v1@1', { problem: { type: 'invalid', title: '不对', status: 422 } })
  expect(await visit('v1', { correcting: first.digest })).toMatchObject({ version: 2, if_match: null })
  expect((await all('outbox')).map(row => [row.key, row.problem])).toEqual([['/visits/v1@2', null]])
})

test('a correction of a clash is sent over what the server has, by the person’s decision', async () => {
  const first = await visit('v1')
  await tried('/visits/v1@1', { problem: { type: 'digest_differs', title: '已有', status: 409, digest: 'd0' } })
  expect(await visit('v1', { correcting: first.digest })).toMatchObject({ if_match: 'd0' })
})

test('children wait for every unsent version of their parent, and for nothing once it is delivered', async () => {
  const first = await visit('v1')
  await save('PUT /api/visits/{id}/void', { id: 'v1', about: 'v1', body: { reason: '记错了' }, words: '作废', after: ['/visits/v1'] })
  expect(await rowOf('/visits/v1/void@1')).toMatchObject({ after: [first.key] })
  await visit('v1', { correcting: first.digest })
  expect(await rowOf('/visits/v1/void@1')).toMatchObject({ after: ['/visits/v1@2'] })
  await save('PUT /api/visits/{id}/void', { id: 'v9', body: { reason: '记错了' }, words: '作废', after: ['/visits/v9'] })
  expect(await rowOf('/visits/v9/void@1')).toMatchObject({ after: [] })
})

test('a photo taken out by the correction is not sent any more', async () => {
  const [one, two] = [await keepPhoto('visits/new', shrunk('one')), await keepPhoto('visits/new', shrunk('two'))]
  const first = await visit('v1', { body: { ...BODY, photos: [one, two] } })
  await visit('v1', { correcting: first.digest, body: { ...BODY, photos: [two] } })
  expect((await all('photos')).map(photo => photo.id)).toEqual([two.id])
  expect(await rowOf(`/photos/${two.id}`)).toMatchObject({ after: ['/visits/v1@2'] })
  expect(await rowOf(`/photos/${one.id}`)).toBeUndefined()
})

test('a sealed body cannot be read in the store, and opens to the very bytes of the digest', async () => {
  const record = await visit('v1', { sealed: true })
  const kept = (await all('records'))[0] as StoredRecord
  expect(new TextDecoder().decode((kept.body as { data: ArrayBuffer }).data)).not.toContain('李阿姨')
  expect(await digestOf(await unseal(AN.id, kept.body))).toBe(record.digest)
})

test('what is sealed opens with the key that lies beside it, also when the store is lost under the open app', async () => {
  await unseal(AN.id, (await visit('v1', { sealed: true })).body) // now this window knows the key
  destroyUnseen()
  const record = await visit('v2', { sealed: true })
  await close(AN.id)
  expect(await all('records')).toHaveLength(1)
  expect(await digestOf(await unseal(AN.id, record.body))).toBe(record.digest)
})

test('what takes the place of a row that waited does not wait for it', async () => {
  const first = await visit('v1')
  await tried('/visits/v1@1', { tries: 0, next_at: Date.now() + 60_000 })
  await visit('v1', { correcting: first.digest })
  expect((await rowOf('/visits/v1@2'))?.next_at).toBe(0)
})

const rowOf = (key: string) => withStore(AN.id, db => db.get('outbox', key))
const tried = (key: string, more: object = {}) => write(AN.id, ['outbox'], async tx => {
  const row = await tx.objectStore('outbox').get(key)
  await tx.objectStore('outbox').put({ ...row!, tries: 1, ...more })
})
