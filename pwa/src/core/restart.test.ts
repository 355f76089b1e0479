import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { serverStart } from './api'
import { withStore } from './db'
import { doubt, PATIENCE_MS } from './reconcile'
import { save } from './save'
import { flush, startSender } from './sender'
import { AN, FakeServer, json, signedIn, wipe } from './testing'
import { setPaused } from './waiting'

let server: FakeServer
let day = 0
const asked = () => server.arrived.filter(request => request.url === '/api/reconcile').length
const later = (ms: number) => vi.setSystemTime(Date.now() + ms)
const visit = (id: string) => save('PUT /api/visits/{id}', { id, body: { posting_id: 'p1', kind: 'household' }, words: '走访' })

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2027-08-22T08:00:00Z') + 86_400_000 * day++ })
  await wipe()
  await signedIn(AN)
  await setPaused(AN.id, false)
  server = new FakeServer().install()
  server.start = 'one'
  serverStart.value = null
})
afterEach(() => vi.useRealTimers())

/** A phone that has asked the server of now about its one visit. */
async function settled(): Promise<void> {
  await visit('v1')
  await flush()
  later(PATIENCE_MS.restart)
  await flush()
  server.arrived = []
}

test('a server that was set back behind our back is made whole at the next thing that is sent', async () => {
  await settled()
  server.stored.clear()
  server.start = 'two'
  later(PATIENCE_MS.restart)
  await visit('v2')
  await flush() // its answer tells of the start
  await flush()
  expect([...server.stored.keys()].sort()).toEqual(['/api/visits/v1', '/api/visits/v2'])
  expect(await withStore(AN.id, db => db.count('outbox'))).toBe(0)
})

test('the same server is not asked again, another one once, and never at each answer', async () => {
  await settled()
  later(PATIENCE_MS.restart)
  await flush()
  expect(asked()).toBe(0)
  serverStart.value = server.start = 'two'
  await flush()
  await flush()
  expect(asked()).toBe(1)
  serverStart.value = server.start = 'three'
  await flush()
  expect(asked()).toBe(1)
})

test('a question that was lost is asked again after a minute, or as soon as the person is back', async () => {
  await settled()
  server.stored.clear()
  serverStart.value = server.start = 'two'
  server.plan = ({ url }) => url === '/api/reconcile' ? json(200, { code: 0 }) : undefined
  later(PATIENCE_MS.restart)
  await flush()
  await flush()
  expect(asked()).toBe(1)
  later(60_000)
  await flush()
  expect(asked()).toBe(2)
  server.plan = () => undefined
  doubt('visible')
  await flush()
  expect([...server.stored.keys()]).toEqual(['/api/visits/v1'])
})

test('an answer without the mark, a portal’s say, changes nothing', async () => {
  await settled()
  server.start = null
  later(PATIENCE_MS.restart)
  await visit('v2')
  await flush()
  await flush()
  expect([asked(), serverStart.value]).toEqual([0, 'one'])
})

test('what waits out a backoff leaves as soon as the server was started anew', async () => {
  await settled()
  startSender()
  server.plan = () => json(500, {})
  await visit('v2')
  await vi.waitFor(async () => expect(await withStore(AN.id, db => db.getAll('outbox'))).toMatchObject([{ tries: 1, lease_until: 0 }]))
  server.plan = () => undefined
  await withStore(AN.id, async db => { for (const row of await db.getAll('outbox')) await db.put('outbox', { ...row, next_at: Date.now() + 300_000 }) })
  serverStart.value = server.start = 'two'
  await vi.waitFor(async () => expect(await withStore(AN.id, db => db.count('outbox'))).toBe(0))
})

test('a page that is only looked at notices it within a minute', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setInterval'], now: Date.now() })
  await settled()
  startSender()
  server.stored.clear()
  server.start = 'two'
  await vi.advanceTimersByTimeAsync(60_000)
  await vi.waitFor(() => expect([...server.stored.keys()]).toEqual(['/api/visits/v1']))
})
