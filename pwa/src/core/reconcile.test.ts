import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fullAgain } from './batch'
import { withStore, write } from './db'
import { hurry } from './outbox'
import { keepPhoto } from './photos'
import { askAgain, doubt } from './reconcile'
import { save } from './save'
import { flush } from './sender'
import { AN, FakeServer, problem, signedIn, wipe } from './testing'
import { setPaused } from './waiting'

const HOUR = 3_600_000
const BODY = { posting_id: 'p1', kind: 'household' as const, whom: '李阿姨' }
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const visit = (id: string, more: object = {}) => save('PUT /api/visits/{id}', { id, body: BODY, words: '走访', ...more })
const issue = (id: string) => save('PUT /api/issues/{id}', { id, words: '民情', sealed: true, body: { posting_id: 'p1', visit_id: null, category: '0301', what: '停车难', more: '', place_words: '', contact: null, photos: [] } })
const step = (id: string, about: string) => save('PUT /api/issue-actions/{id}', { id, about, after: [`/issues/${about}`], words: '进展', body: { issue_id: about, note: '联系了物业', state: null, agenda: false, photos: [] } })
const rows = () => withStore(AN.id, db => db.getAllFromIndex('outbox', 'order'))
const record = (key: string) => withStore(AN.id, db => db.get('records', key))
const asked = () => server.arrived.filter(request => request.url === '/api/reconcile')
let server: FakeServer
let day = 200

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-22T08:00:00Z') + 86_400_000 * 100 * day++ })
  await wipe()
  await signedIn(AN)
  await setPaused(AN.id, false)
  fullAgain()
  server = new FakeServer().install()
  server.knowsBatch = true
  await flush() // the first question of an empty phone
})
afterEach(() => vi.useRealTimers())
const later = (ms: number) => vi.setSystemTime(Date.now() + ms)

/** As after `flask restore`: what came since is gone, and everybody signs in again. */
async function restored(...kept: [string, string][]): Promise<void> {
  server.stored = new Map(kept)
  await askAgain(AN.id)
  await flush()
}

test('a server restored to before it all gets everything back, byte for byte, once', async () => {
  const photo = await keepPhoto('d', { data: new ArrayBuffer(0), type: 'image/jpeg', digest: EMPTY, bytes: 0 })
  await visit('v1', { body: { ...BODY, photos: [photo] } })
  await issue('i1')
  later(1000)
  await step('s1', 'i1')
  await flush()
  const before = new Map(server.stored)
  expect(before.size).toBe(4)
  await restored()
  expect(server.stored).toEqual(before)
  expect(await rows()).toEqual([])
  expect(await record('/visits/v1@1')).toMatchObject({ receipt: { id: 'v1' }, delivered_at: Date.now() })
  expect(server.batches().at(-1)!.indexOf('/api/issues/i1')).toBeLessThan(server.batches().at(-1)!.indexOf('/api/issue-actions/s1'))
})

test('what the server has is not sent again', async () => {
  await visit('v1')
  await visit('v2')
  await flush()
  const [first] = server.stored
  server.arrived = []
  await restored(first!)
  expect(server.puts().map(put => put.url)).toEqual(['/api/visits/v2'])
})

test('a correction that was lost goes over the version before it', async () => {
  const first = await visit('v1')
  await flush()
  const second = await visit('v1', { correcting: first.digest, body: { ...BODY, whom: '王叔' } })
  await flush()
  server.arrived = []
  await restored(['/api/visits/v1', first.digest])
  expect(server.puts().map(put => put.headers['If-Match'])).toEqual([`"${first.digest}"`])
  expect(server.stored.get('/api/visits/v1')).toBe(second.digest)
})

test('two corrections were lost: the last one goes over the oldest', async () => {
  const first = await visit('v1')
  await flush()
  const second = await visit('v1', { correcting: first.digest, body: { ...BODY, whom: '王叔' } })
  await flush()
  const third = await visit('v1', { correcting: second.digest, body: { ...BODY, whom: '赵姨' } })
  await flush()
  await restored(['/api/visits/v1', first.digest])
  expect(server.stored.get('/api/visits/v1')).toBe(third.digest)
  expect(await rows()).toEqual([])
})

test('what another phone corrected since is newer: nothing is sent over it, and nobody is asked', async () => {
  await visit('v1')
  await flush()
  await restored(['/api/visits/v1', 'f'.repeat(64)])
  expect(server.stored.get('/api/visits/v1')).toBe('f'.repeat(64))
  expect(await rows()).toEqual([])
  expect((await record('/visits/v1@1'))?.receipt).toBeTruthy()
})

test('asked once a day, at a start after ten minutes, and after every sign-in', async () => {
  await visit('v1')
  await flush()
  await flush()
  expect(asked()).toHaveLength(0)
  later(5 * 60_000)
  doubt('start')
  await flush()
  expect(asked()).toHaveLength(0)
  later(6 * 60_000)
  await flush()
  expect(asked()).toHaveLength(1)
  later(HOUR)
  await flush()
  expect(asked()).toHaveLength(1)
  later(24 * HOUR)
  await flush()
  expect(asked()).toHaveLength(2)
  await askAgain(AN.id)
  await flush()
  expect(asked()).toHaveLength(3)
})

test('a step on an issue that the server forgot is not refused: the issue comes back first', async () => {
  await issue('i1')
  await flush()
  later(2 * 60_000)
  server.stored.clear()
  await step('s1', 'i1')
  server.plan = request => request.url.endsWith('/s1') && !server.stored.has('/api/issues/i1') ? problem(404, 'not_found', 'never') : undefined
  await flush()
  later(2000)
  await flush()
  expect([...server.stored.keys()]).toEqual(['/api/issues/i1', '/api/issue-actions/s1'])
  expect(await rows()).toEqual([])
})

test('a step on an issue that is really out of reach is refused in the end', async () => {
  await issue('i1')
  await flush()
  later(2 * 60_000)
  await step('s1', 'i1')
  server.plan = request => request.url.endsWith('/s1') ? problem(404, 'not_found', 'never') : undefined
  await flush()
  later(2000)
  await flush()
  expect((await rows()).map(row => row.problem?.type)).toEqual(['not_found'])
})

test('copies leave the phone only when they are old and the server has just confirmed them', async () => {
  await visit('v1')
  await flush()
  later(31 * 24 * HOUR)
  server.plan = request => request.url === '/api/reconcile' ? 'lost' : undefined
  await flush()
  expect(await record('/visits/v1@1')).toBeDefined()
  later(HOUR)
  server.plan = () => undefined
  server.stored.clear()
  await flush()
  expect(server.stored.size).toBe(1)
  expect(await record('/visits/v1@1')).toBeDefined()
  later(31 * 24 * HOUR)
  await flush()
  expect(await record('/visits/v1@1')).toBeUndefined()
})

test('an unsent correction is not asked about, and photos of a lost record wait for it', async () => {
  const photo = await keepPhoto('d', { data: new ArrayBuffer(0), type: 'image/jpeg', digest: EMPTY, bytes: 0 })
  const first = await visit('v1', { body: { ...BODY, photos: [photo] } })
  await flush()
  server.plan = request => request.url.startsWith('/api/visits') ? problem(503, 'busy', 'later') : undefined
  await visit('v1', { correcting: first.digest, body: { ...BODY, whom: '王叔', photos: [photo] } })
  await restored()
  expect((await rows()).map(row => [row.key, row.after])).toEqual([[`/photos/${photo.id}`, ['/visits/v1@2']], ['/visits/v1@2', []]])
  expect(server.stored.size).toBe(0)
})

test('a photo that no record of the server lists any more is left in peace', async () => {
  const photo = await keepPhoto('d', { data: new ArrayBuffer(0), type: 'image/jpeg', digest: EMPTY, bytes: 0 })
  const one = await visit('v1', { body: { ...BODY, photos: [photo] } })
  await flush()
  server.plan = request => request.url.startsWith('/api/photos') ? problem(409, 'photo_unlisted', 'later') : undefined
  await restored(['/api/visits/v1', one.digest])
  for (let i = 0; i < 4; i++) {
    later(HOUR)
    await flush()
  }
  expect(await rows()).toEqual([])
  expect(await withStore(AN.id, db => db.get('photos', photo.id))).toMatchObject({ delivered_at: expect.any(Number) })
})

test('a store written before there was a question is asked about at once', async () => {
  await visit('v1')
  await flush()
  await write(AN.id, ['meta'], async tx => { await tx.objectStore('meta').delete('reconciled_at') })
  await flush()
  expect(asked()).toHaveLength(1)
})

test('a record that was lost while only its photo still waited comes back, and the photo after it', async () => {
  const photo = await keepPhoto('d', { data: new ArrayBuffer(0), type: 'image/jpeg', digest: EMPTY, bytes: 0 })
  await visit('v1', { body: { ...BODY, photos: [photo] } })
  server.plan = request => request.url.startsWith('/api/photos') && !server.stored.has('/api/visits/v1') ? problem(409, 'photo_unlisted', 'later') : request.url.startsWith('/api/photos') && !back ? problem(503, 'busy', 'later') : undefined
  let back = false
  await flush()
  expect([...server.stored.keys()]).toEqual(['/api/visits/v1'])
  back = true
  await restored()
  later(HOUR)
  await flush()
  expect([...server.stored.keys()]).toEqual(['/api/visits/v1', `/api/photos/${photo.id}`])
  expect(await rows()).toEqual([])
})

test('a record of which only the photo waits does not leave the phone unconfirmed', async () => {
  const photo = await keepPhoto('d', { data: new ArrayBuffer(0), type: 'image/jpeg', digest: EMPTY, bytes: 0 })
  const first = await visit('v1', { body: { ...BODY, photos: [photo] } })
  await flush()
  server.plan = request => request.url.startsWith('/api/visits') ? problem(503, 'busy', 'later') : undefined
  await visit('v1', { correcting: first.digest, body: { ...BODY, whom: '王叔', photos: [photo] } })
  later(31 * 24 * HOUR)
  await flush()
  expect(await record('/visits/v1@1')).toBeDefined()
})

test('what belongs to another phone that comes back later is not refused, but waits for it', async () => {
  await step('s1', 'i9')
  await flush()
  server.plan = request => request.url.endsWith('/s1') && !server.stored.has('/api/issues/i9') ? problem(422, 'invalid', 'never') : undefined
  await restored()
  expect((await rows()).map(row => [row.problem, row.last])).toEqual([[null, '正在等服务器恢复']])
  for (let i = 0; i < 12; i++) { later(30_000); await flush() } // no long waits: it is mostly back soon
  server.stored.set('/api/issues/i9', 'x')
  later(30_000)
  await flush()
  expect(await rows()).toEqual([])
  expect(server.stored.has('/api/issue-actions/s1')).toBe(true)
})

test('two corrections of a version that only the server had: the last one goes over it', async () => {
  const base = 'b'.repeat(64)
  server.stored.set('/api/visits/v1', base)
  const first = await visit('v1', { correcting: base })
  await flush()
  const second = await visit('v1', { correcting: first.digest, body: { ...BODY, whom: '王叔' } })
  await flush()
  await restored(['/api/visits/v1', base])
  expect(server.stored.get('/api/visits/v1')).toBe(second.digest)
  expect(await rows()).toEqual([])
})

test('a correction that waits goes over the version to which the server was set back', async () => {
  const first = await visit('v1')
  await flush()
  const second = await visit('v1', { correcting: first.digest, body: { ...BODY, whom: '王叔' } })
  await flush()
  const third = await visit('v1', { correcting: second.digest, body: { ...BODY, whom: '王阿姨' } })
  await restored(['/api/visits/v1', first.digest])
  expect(server.stored.get('/api/visits/v1')).toBe(third.digest)
  expect(await rows()).toEqual([])
})

test('what another phone wrote meanwhile is still for a person to decide', async () => {
  const first = await visit('v1')
  await flush()
  await visit('v1', { correcting: first.digest, body: { ...BODY, whom: '王叔' } })
  server.stored.set('/api/visits/v1', 'c'.repeat(64))
  await flush()
  expect((await rows()).map(row => row.problem?.type)).toEqual(['digest_differs'])
})

test('a phone whose clock is months ahead throws nothing away', async () => {
  await visit('v1')
  await flush()
  const real = Date.now()
  later(100 * 86_400_000)
  server.now = () => real + HOUR
  await restored(...server.stored)
  expect(await record('/visits/v1@1')).toBeDefined()
  server.now = () => Date.now()
  await restored(...server.stored)
  expect(await record('/visits/v1@1')).toBeUndefined()
})

test('a photo that its record lists no more is at last for a person to decide', async () => {
  const photo = await keepPhoto('d', { data: new ArrayBuffer(0), type: 'image/jpeg', digest: EMPTY, bytes: 0 })
  server.plan = request => request.url.startsWith('/api/photos') ? problem(409, 'photo_unlisted', 'later') : undefined
  await visit('v1', { body: { ...BODY, photos: [photo] } })
  for (let i = 0; i < 22; i++) {
    await flush()
    later(i % 2 ? 6 * 60_000 : 10_000)
    if (i % 2) await hurry(AN.id, true)
  }
  expect((await rows()).map(row => row.problem?.title)).toEqual(['记录里已经没有这张照片，可以导出或删除'])
})
