import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readSetting, withStore, writeSetting } from './db'
import { wake } from './bell'
import { keepPhoto } from './photos'
import { person } from './person'
import { save } from './save'
import { flush, startSender } from './sender'
import { AN, BAI, FakeServer, json, problem, signedIn, wipe } from './testing'
import { paused, setPaused, waiting } from './waiting'

const BODY = { posting_id: 'p1', kind: 'household' as const, whom: '李阿姨' }
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const visit = (id: string, more: object = {}) => save('PUT /api/visits/{id}', { id, body: BODY, words: '走访', ...more })
const rows = () => withStore(AN.id, db => db.getAllFromIndex('outbox', 'order'))
const step = (id: string) => save('PUT /api/issue-actions/{id}', { id, about: 'i1', words: '进展', body: { issue_id: 'i1', note: '联系了物业', state: null, agenda: false, photos: [] } })
let server: FakeServer
let day = 0 // each test on its own day: the sender stays quiet for a while after a network failure

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-22T08:00:00Z') + 86_400_000 * day++ })
  await wipe()
  await signedIn(AN)
  await setPaused(AN.id, false)
  server = new FakeServer().install()
})
const browser = navigator
afterEach(() => {
  vi.useRealTimers()
  vi.stubGlobal('navigator', browser)
})

const later = (ms: number) => vi.setSystemTime(Date.now() + ms)

test('what was saved arrives with the very bytes that were digested, and under its person’s name', async () => {
  const record = await visit('v1')
  await flush()
  const [put] = server.puts()
  expect(put).toMatchObject({ url: '/api/visits/v1', body: record.body, headers: { 'Hongling-Person': 'an', 'Content-Type': 'application/json', 'Hongling-App': expect.any(String), 'Hongling-Sent-At': expect.any(String) } })
  expect(put!.headers['If-Match']).toBeUndefined()
  expect(server.stored.get('/api/visits/v1')).toBe(record.digest)
  expect(await rows()).toEqual([])
})

test.each([['was a year ahead', 365], ['is set back three days', 3]])('a silence begun while the clock %s ends although the clock is put right', async (_, days) => {
  later(days * 86_400_000)
  server.plan = () => 'lost'
  await visit('v1')
  await flush()
  server.plan = () => undefined
  later(-days * 86_400_000)
  await flush()
  expect([...server.stored.keys()]).toEqual(['/api/visits/v1'])
})

test('a lost reply is tried again with the same bytes, and the replay delivers it', async () => {
  await visit('v1')
  server.plan = () => server.arrived.length === 1 ? 'lost_after' : undefined
  await flush()
  expect((await rows())[0]).toMatchObject({ tries: 1, last: '网络不通' })
  later(10_000)
  await flush()
  expect(new Set(server.puts().map(put => put.body)).size).toBe(1)
  expect(server.stored.size).toBe(1)
  expect(await rows()).toEqual([])
})

test.each<[string, () => Response]>([
  ['a portal page with 200', () => new Response('<html>请登录校园网</html>', { status: 200 })],
  ['a server error', () => new Response('broken', { status: 500 })],
  ['an empty 204', () => new Response(null, { status: 204 })],
  ['a portal that asks for its own sign-in', () => new Response('<html>请登录校园网</html>', { status: 401 })],
])('%s is not believed: the record stays and is tried again', async (_, answer) => {
  await visit('v1')
  server.plan = answer
  await flush()
  expect(await rows()).toHaveLength(1)
  expect(paused.value).toBe(false)
  server.plan = () => undefined
  later(10_000)
  await flush()
  expect(await rows()).toEqual([])
})

test('with no room on the phone for a lease the record leaves all the same', async () => {
  await visit('v1')
  const put = IDBObjectStore.prototype.put
  const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
    if (this.name === 'outbox' || this.name === 'records') throw new DOMException('full', 'QuotaExceededError')
    return put.apply(this, args as [unknown])
  })
  await flush()
  expect(server.stored.has('/api/visits/v1')).toBe(true)
  expect(server.puts()).toHaveLength(1)
  expect(await rows()).toHaveLength(1) // nor was there room for the receipt
  full.mockRestore()
  later(61_000)
  await flush()
  expect(await rows()).toEqual([])
})

test('signed out in the middle: the queue pauses, nothing leaves it, and it goes on after sign-in', async () => {
  for (const id of ['v1', 'v2', 'v3']) await visit(id)
  server.plan = request => request.url.endsWith('v2') ? problem(401, 'sign_in', 'after_sign_in') : undefined
  await flush()
  expect(server.puts()).toHaveLength(2)
  expect(paused.value).toBe(true)
  expect((await rows()).map(row => row.key)).toEqual(['/visits/v2@1', '/visits/v3@1'])
  later(3_600_000)
  await flush()
  expect(server.puts()).toHaveLength(2)
  server.plan = () => undefined
  await setPaused(AN.id, false)
  await flush()
  expect([...server.stored.keys()]).toEqual(['/api/visits/v1', '/api/visits/v2', '/api/visits/v3'])
})

test('one refused record of ten: nine arrive, one needs attention with the server’s sentence', async () => {
  for (let i = 0; i < 10; i++) await visit(`v${i}`)
  server.plan = request => request.url.endsWith('v3') ? problem(422, 'invalid', 'never') : undefined
  await flush()
  expect(server.stored.size).toBe(9)
  expect((await rows()).map(row => [row.key, row.problem?.title])).toEqual([['/visits/v3@1', '服务器说：invalid']])
  expect(waiting.value).toMatchObject({ count: 1, attention: 1 })
})

test('a busy server is left alone as long as it asks, other records are tried', async () => {
  await visit('v1')
  await visit('v2')
  server.plan = request => request.url.endsWith('v1') && server.puts().length === 1 ? problem(503, 'busy', 'later', {}, { 'Retry-After': '120' }) : undefined
  await flush()
  expect([...server.stored.keys()]).toEqual(['/api/visits/v2'])
  later(119_000)
  await flush()
  expect(server.puts('/visits/v1')).toHaveLength(1)
  later(2000)
  await flush()
  expect(await rows()).toEqual([])
})

test('photos go after their record, one at a time, with their digest; one that sticks delays no other record', async () => {
  const digest = EMPTY
  const photo = await keepPhoto('d', { data: new ArrayBuffer(0), type: 'image/jpeg', digest, bytes: 0 })
  await visit('v1', { body: { ...BODY, photos: [photo] } })
  await visit('v2')
  server.plan = request => request.url.includes('/photos/') && server.puts('/photos').length === 1 ? problem(409, 'photo_unlisted', 'later') : undefined
  await flush()
  expect(server.puts().map(put => put.url)).toEqual(['/api/visits/v1', '/api/visits/v2', `/api/photos/${photo.id}`])
  later(10_000)
  await flush()
  expect(server.puts('/photos')[1]).toMatchObject({ headers: { 'Content-Type': 'image/jpeg', 'Content-Digest': 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:' } })
  expect(await rows()).toEqual([])
})

test('a later step does not overtake an earlier one that waits out a backoff: they leave together', async () => {
  await step('s1')
  server.plan = () => problem(503, 'busy', 'later', {}, { 'Retry-After': '30' })
  await flush()
  server.plan = () => undefined
  await step('s2')
  await visit('v1')
  await flush()
  expect([...server.stored.keys()]).toEqual(['/api/visits/v1'])
  later(31_000)
  await flush()
  expect([...server.stored.keys()]).toEqual(['/api/visits/v1', '/api/issue-actions/s1', '/api/issue-actions/s2'])
})

test('version 2 leaves only after version 1’s receipt, with If-Match of it', async () => {
  const first = await visit('v1')
  const gate: { open?: () => void } = {}
  const answered = new Promise<undefined>(resolve => { gate.open = () => resolve(undefined) })
  server.plan = () => server.arrived.length === 1 ? answered : undefined
  const flushing = flush()
  await vi.waitFor(() => expect(server.puts()).toHaveLength(1))
  const second = await visit('v1', { correcting: first.digest, body: { ...BODY, whom: '王叔' } })
  expect(server.puts()).toHaveLength(1)
  gate.open!()
  await flushing
  expect(server.puts().map(put => put.headers['If-Match'])).toEqual([undefined, `"${first.digest}"`])
  expect(server.stored.get('/api/visits/v1')).toBe(second.digest)
})

test('many triggers at once send each record once', async () => {
  for (let i = 0; i < 20; i++) await visit(`v${i}`)
  await Promise.all(Array.from({ length: 10 }, () => flush()))
  expect(server.puts()).toHaveLength(20)
})

test('a lock that a frozen tab keeps does not stop the queue for ever', async () => {
  const request = vi.fn<(name: string, options: LockOptions) => Promise<never>>((_, options) => new Promise((_resolve, reject) => { options.signal!.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))) }))
  vi.stubGlobal('navigator', { locks: { request } })
  await visit('v1')
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: Date.now() })
  const flushing = flush()
  expect(request).toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(59_000)
  expect(server.puts()).toHaveLength(0)
  await vi.advanceTimersByTimeAsync(2000)
  vi.useRealTimers()
  await flushing
  expect(server.puts()).toHaveLength(1)
})

test('when another person signed in in another tab, nothing of the first leaves', async () => {
  await visit('v1')
  await writeSetting('who', { person: BAI, signed_in_at: 0 })
  await flush()
  expect(server.puts()).toHaveLength(0)
  expect(await rows()).toHaveLength(1)
})

test('what a portal leads to is not the server’s word, not even where it ends with us', async () => {
  server.plan = () => Object.defineProperty(problem(404, 'not_found', 'never'), 'redirected', { value: true })
  await visit('v1')
  await flush()
  expect((await rows())[0]).toMatchObject({ tries: 1, problem: null })
})

test('without network the round ends at the first failure instead of failing everything', async () => {
  for (const id of ['v1', 'v2', 'v3']) await visit(id)
  server.plan = () => 'lost'
  await flush()
  expect(server.arrived).toHaveLength(1)
})

test('back on the network the server is still left alone as long as it asked; 立即上传 does not wait', async () => {
  startSender()
  server.plan = () => problem(503, 'busy', 'later', {}, { 'Retry-After': '120' })
  await visit('v1')
  await vi.waitFor(async () => expect((await rows())[0]).toMatchObject({ tries: 1, lease_until: 0 }))
  server.plan = () => undefined
  wake('online')
  await new Promise(resolve => { setTimeout(resolve, 300) })
  expect(server.puts()).toHaveLength(1)
  wake('by_hand')
  await vi.waitFor(async () => expect(await rows()).toEqual([]))
})

test('立即上传 does not wait out a backoff', async () => {
  startSender()
  server.plan = () => json(500, {})
  await visit('v1')
  await vi.waitFor(async () => expect((await rows())[0]).toMatchObject({ tries: 1, lease_until: 0 }))
  server.plan = () => undefined
  wake('by_hand')
  await vi.waitFor(async () => expect(await rows()).toEqual([]))
})

test('a person who is gone sends nothing', async () => {
  await visit('v1')
  person.value = null
  await flush()
  expect(server.arrived).toEqual([])
  expect(await readSetting('who')).toBeTruthy()
})

test('a photo under way on a slow line gives way to what is written meanwhile, and goes on after it', async () => {
  const photo = await keepPhoto('d', { data: new ArrayBuffer(0), type: 'image/jpeg', digest: EMPTY, bytes: 0 })
  await visit('v1', { body: { ...BODY, photos: [photo] } })
  const slow = fetch
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => url.includes('/photos/') && !server.stored.has('/api/visits/v2')
    ? new Promise((_, no) => { init.signal!.addEventListener('abort', () => no(new DOMException('', 'AbortError'))) })
    : slow(url, init))
  startSender()
  await vi.waitFor(() => expect(server.stored.size).toBe(1))
  await visit('v2') // when the photo had hardly begun
  await new Promise(resolve => { setTimeout(resolve, 1500) })
  expect(server.stored.size).toBe(1)
  later(10_000)
  await vi.waitFor(() => expect([...server.stored.keys()]).toEqual(['/api/visits/v1', '/api/visits/v2', `/api/photos/${photo.id}`]), 5000)
})
