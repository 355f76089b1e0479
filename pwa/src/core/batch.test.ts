import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fullAgain, MOST_ITEMS } from './batch'
import { wake } from './bell'
import { withStore } from './db'
import { keepPhoto } from './photos'
import { save } from './save'
import { flush } from './sender'
import { AN, FakeServer, json, problem, signedIn, wipe } from './testing'
import { paused, setPaused } from './waiting'

const BODY = { posting_id: 'p1', kind: 'household' as const, whom: '李阿姨' }
const visit = (id: string, more: object = {}) => save('PUT /api/visits/{id}', { id, body: BODY, words: '走访', ...more })
const step = (id: string, issue: string) => save('PUT /api/issue-actions/{id}', { id, about: issue, after: [`/issues/${issue}`], words: '进展', body: { issue_id: issue, note: '联系了物业', state: null, agenda: false, photos: [] } })
const issue = (id: string) => save('PUT /api/issues/{id}', { id, words: '民情', sealed: true, body: { posting_id: 'p1', visit_id: null, category: '0301', what: '停车难', more: '', place_words: '', contact: null, photos: [] } })
const rows = () => withStore(AN.id, db => db.getAllFromIndex('outbox', 'order'))
const at = (path: string) => `/api${path}`
let server: FakeServer
let day = 100

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-22T08:00:00Z') + 86_400_000 * day++ })
  await wipe()
  await signedIn(AN)
  await setPaused(AN.id, false)
  fullAgain()
  server = new FakeServer().install()
  server.knowsBatch = true
})
afterEach(() => vi.useRealTimers())
const later = (ms: number) => vi.setSystemTime(Date.now() + ms)

test('ten records leave in one request, each with the very string that was digested', async () => {
  const saved = []
  for (let i = 0; i < 10; i++) saved.push(await visit(`v${i}`))
  await flush()
  expect(server.arrived.map(request => [request.method, request.url])).toEqual([['POST', '/api/batch']])
  expect(server.arrived[0]!.headers).toMatchObject({ 'Hongling-Person': 'an', 'Content-Type': 'application/json' })
  expect(saved.map(record => server.stored.get(at(record.path)))).toEqual(saved.map(record => record.digest))
  expect(await rows()).toEqual([])
})

test('one record alone needs no batch', async () => {
  await visit('v1')
  await flush()
  expect(server.arrived.map(request => request.url)).toEqual(['/api/visits/v1'])
})

test('at most fifty leave together, and the rest right after them', async () => {
  for (let i = 0; i < MOST_ITEMS + 5; i++) await visit(`v${i}`)
  await flush()
  expect(server.batches().map(one => one.length)).toEqual([MOST_ITEMS, 5])
})

test('long texts make smaller batches: never more than 256 KB', async () => {
  for (let i = 0; i < 30; i++) await visit(`v${i}`, { body: { ...BODY, said: '"说'.repeat(4000) } })
  await flush()
  for (const request of server.arrived) expect(new TextEncoder().encode(String(request.body)).length).toBeLessThan(256 * 1024)
  expect(server.stored.size).toBe(30)
})

test('a child rides behind its parent, a photo goes alone after them', async () => {
  const photo = await keepPhoto('d', { data: new ArrayBuffer(0), type: 'image/jpeg', digest: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', bytes: 0 })
  await visit('v1', { body: { ...BODY, photos: [photo] } })
  await issue('i1')
  await step('s1', 'i1')
  await flush()
  expect(server.batches()).toEqual([[at('/visits/v1'), at('/issues/i1'), at('/issue-actions/s1')]])
  expect(server.puts().map(put => put.url)).toEqual([`/api/photos/${photo.id}`])
})

test('a correction waits for the receipt of what it corrects, in a batch too', async () => {
  const first = await visit('v1')
  server.plan = () => 'lost'
  await flush()
  await visit('v1', { correcting: first.digest, body: { ...BODY, whom: '王叔' } })
  await visit('v2')
  server.plan = () => undefined
  later(300_000)
  await flush()
  expect(server.batches()[0]).toEqual([at('/visits/v1'), at('/visits/v2')])
  expect(server.puts('/visits/v1').at(-1)!.headers['If-Match']).toBe(`"${first.digest}"`)
})

test('one poisoned item of ten stops only itself', async () => {
  for (let i = 0; i < 10; i++) await visit(`v${i}`)
  server.plan = request => request.url.endsWith('v3') ? problem(422, 'invalid', 'never') : undefined
  await flush()
  expect(server.stored.size).toBe(9)
  expect((await rows()).map(row => [row.key, row.problem?.title])).toEqual([['/visits/v3@1', '服务器说：invalid']])
})

test('a child is not blamed for a parent that did not get through', async () => {
  await issue('i1')
  await step('s1', 'i1')
  server.plan = request => request.url.endsWith('i1') ? problem(422, 'invalid', 'never') : request.url.endsWith('s1') ? problem(404, 'not_found', 'never') : undefined
  await flush()
  expect((await rows()).map(row => [row.key, row.problem?.type ?? null, row.tries])).toEqual([['/issues/i1@1', 'invalid', 1], ['/issue-actions/s1@1', null, 0]])
})

test('413 halves the batch until it goes through', async () => {
  for (let i = 0; i < 8; i++) await visit(`v${i}`)
  server.plan = request => request.url === '/api/batch' && server.batches().at(-1)!.length > 2 ? problem(413, 'too_large', 'never') : undefined
  await flush()
  expect(server.batches().slice(0, 3).map(one => one.length)).toEqual([8, 4, 2])
  expect(server.stored.size).toBe(8)
})

test('a batch that breaks the server again and again is taken apart, so that the others arrive', async () => {
  for (let i = 0; i < 4; i++) await visit(`v${i}`)
  server.plan = request => request.url === '/api/batch' && server.batches().at(-1)!.includes(at('/visits/v2')) ? json(500, {}) : request.url.endsWith('v2') ? problem(422, 'invalid', 'never') : undefined
  for (let i = 0; i < 6; i++) {
    await flush()
    later(400_000)
  }
  expect([...server.stored.keys()].sort()).toEqual(['v0', 'v1', 'v3'].map(id => at(`/visits/${id}`)))
  expect((await rows()).map(row => row.problem?.type)).toEqual(['invalid'])
})

test('a server without batches gets one by one, and is not asked again for an hour', async () => {
  server.knowsBatch = false
  for (const id of ['v1', 'v2', 'v3']) await visit(id)
  await flush()
  for (const id of ['v4', 'v5']) await visit(id)
  await flush()
  expect(server.batches()).toHaveLength(1)
  expect(server.stored.size).toBe(5)
  later(3_700_000)
})

test('a lost reply: the same strings again, nothing twice', async () => {
  for (const id of ['v1', 'v2']) await visit(id)
  server.plan = request => request.url === '/api/batch' && server.arrived.length === 1 ? 'lost_after' : undefined
  await flush()
  expect((await rows()).map(row => row.tries)).toEqual([1, 1])
  later(300_000)
  await flush()
  expect(server.arrived[0]!.body).toBe(server.arrived[1]!.body)
  expect(server.stored.size).toBe(2)
  expect(await rows()).toEqual([])
})

test.each<[string, () => Response]>([
  ['a portal page with 200', () => new Response('<html>', { status: 200 })],
  ['fewer results than items', () => json(200, { results: [] })],
])('%s is not believed', async (_, answer) => {
  for (const id of ['v1', 'v2']) await visit(id)
  server.plan = answer
  await flush()
  expect(await rows()).toHaveLength(2)
})

test('signed out: the queue pauses and no try is counted', async () => {
  for (const id of ['v1', 'v2']) await visit(id)
  server.plan = () => problem(401, 'sign_in', 'after_sign_in')
  await flush()
  expect(paused.value).toBe(true)
  expect((await rows()).map(row => [row.tries, row.lease_until])).toEqual([[0, 0], [0, 0]])
})

test('a save while the batch is away is seen right after it', async () => {
  for (const id of ['v1', 'v2']) await visit(id)
  server.plan = async request => {
    if (request.url === '/api/batch' && server.batches().length === 1) {
      await visit('v3')
      wake('save')
    }
    return undefined
  }
  await flush()
  expect(server.stored.size).toBe(3)
})
