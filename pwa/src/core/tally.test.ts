import { beforeEach, expect, test, vi } from 'vitest'
import { setAside, throwAway } from './attention'
import { close, withStore, write } from './db'
import { report } from './device'
import { save } from './save'
import { flush } from './sender'
import { evicted, evictedOf, readEviction, reckonAll } from './tally'
import { AN, destroy, FakeServer, json, problem, signedIn, wipe } from './testing'
import { refresh, setPaused, waiting } from './waiting'

// Each test looks by itself: a look that a save of the test before asked for would take this test's records for those.
vi.mock('./bell', async original => ({ ...await original<object>(), announce: () => undefined }))

const visit = (id: string) => save('PUT /api/visits/{id}', { id, body: { posting_id: 'p1', kind: 'household', whom: '李阿姨' }, words: '走访' })
let server: FakeServer

beforeEach(async () => {
  localStorage.clear()
  evicted.value = null
  await wipe()
  await signedIn(AN)
  await setPaused(AN.id, false)
  server = new FakeServer().install()
  server.plan = () => 'lost'
})

test('a store that the browser cleared is noticed at the start, with number, time and kinds', async () => {
  const first = await visit('v1')
  await visit('v2')
  await close(AN.id)
  await destroy(AN.id)
  await reckonAll()
  expect(evicted.value).toMatchObject({ count: 2, oldest: first.made_at, kinds: { visits: 2 } })
  expect(JSON.stringify(localStorage)).not.toContain('李阿姨')
})

test('a store that is deleted under the open app is noticed with the next look', async () => {
  await visit('v1')
  await destroy(AN.id)
  await refresh()
  expect(evicted.value?.count).toBe(1)
})

test('what a person gave up is not taken for cleared', async () => {
  const refused = await visit('v1')
  const aside = await visit('v2')
  await visit('v3')
  await refresh()
  await throwAway(refused.key)
  await refresh()
  await setAside(aside)
  await refresh()
  expect(evicted.value).toBeNull()
  await reckonAll()
  expect(evicted.value).toBeNull()
})

test('one of two records gone is one, not none', async () => {
  await visit('v1')
  await visit('v2')
  await write(AN.id, ['records', 'outbox'], async tx => {
    await tx.objectStore('records').delete('/visits/v1@1')
    await tx.objectStore('outbox').delete('/visits/v1@1')
  })
  await refresh()
  expect(evicted.value?.count).toBe(1)
})

test('what was delivered is no loss, even when the phone died before it could note it', async () => {
  await visit('v1')
  const before = localStorage.getItem('hongling-unsent-an')!
  server.plan = () => undefined
  await flush()
  localStorage.setItem('hongling-unsent-an', before)
  await reckonAll()
  expect(evicted.value).toBe(null)
})

test('nothing unsent leaves no trace, and a store gone then is no loss', async () => {
  server.plan = () => undefined
  await visit('v1')
  await flush()
  expect(localStorage.getItem('hongling-unsent-an')).toBe(null)
  await destroy(AN.id)
  await reckonAll()
  expect(evicted.value).toBe(null)
})

test('once read it is not shown again, and the server hears of it once', async () => {
  await visit('v1')
  await destroy(AN.id)
  await reckonAll()
  readEviction()
  await reckonAll()
  expect(evicted.value).toBe(null)
  expect(evictedOf('an')).toBe(1)
  await refresh()
  await report('an', waiting.value, 0)
  await report('an', waiting.value, 1)
  expect(server.reports).toEqual([expect.objectContaining({ unsent: 0, evicted: 1 })])
})

test('what was read is not counted again when more is cleared before the server heard of it', async () => {
  await visit('v1')
  await destroy(AN.id)
  await reckonAll()
  readEviction()
  await visit('v2')
  await destroy(AN.id)
  await reckonAll()
  expect(evicted.value).toMatchObject({ count: 1, kinds: { visits: 1 } })
  expect(evictedOf('an')).toBe(2)
})

test('a phone that sends everything at once is never heard of', async () => {
  server.plan = () => undefined
  await visit('v1')
  await flush()
  expect(server.reports).toEqual([])
})

test('work that stays although the server answers is told, and once more when it is gone', async () => {
  server.plan = () => json(500, {})
  const one = await visit('v1')
  await flush()
  await vi.waitFor(() => expect(server.reports).toHaveLength(1))
  expect(server.reports[0]).toMatchObject({ unsent: 1, oldest_at: one.made_at, version: expect.any(String), storage: expect.any(String), evicted: 0 })
  await flush()
  expect(server.reports).toHaveLength(1) // not with every round
  server.plan = () => undefined
  await withStore(AN.id, async db => { for (const row of await db.getAll('outbox')) await db.put('outbox', { ...row, next_at: 0 }) })
  await flush()
  await vi.waitFor(() => expect(server.reports).toHaveLength(2))
  expect(server.reports[1]).toMatchObject({ unsent: 0, oldest_at: null })
  await flush()
  expect(server.reports).toHaveLength(2)
})

test('a server that could not take the report is not asked again at once', async () => {
  const asked = vi.fn<() => Promise<Response>>(() => Promise.resolve(problem(429, 'too_many', 'later')))
  await visit('v1')
  vi.stubGlobal('fetch', asked)
  const now = Date.now() + 3_600_000
  for (const after of [0, 900, 59_000]) await report('an', waiting.value, now + after)
  expect(asked).toHaveBeenCalledTimes(1)
  await report('an', waiting.value, now + 61_000)
  expect(asked).toHaveBeenCalledTimes(2)
})

test('a report whose answer was lost may come after the last one, which is said once more', async () => {
  const rows: number[] = []
  let late: number | undefined
  const hear = (unsent: number): Response => { rows.push(unsent); return new Response(null, { status: 204, headers: { 'Hongling-Start': '-' } }) }
  vi.stubGlobal('fetch', (_: string, init: RequestInit) => {
    const { unsent } = JSON.parse(String(init.body)) as { unsent: number }
    if (unsent && late === undefined) { late = unsent; return Promise.reject(new TypeError('network')) }
    return Promise.resolve(hear(unsent))
  })
  const now = Date.now() + 7_200_000
  const none = { ...waiting.value, count: 0, oldest: null }
  await report('an', { ...none, count: 3 }, now)
  await report('an', none, now + 61_000)
  hear(late!)
  await report('an', none, now + 122_000)
  expect(rows).toEqual([0, 3]) // not with every round
  await report('an', none, now + 700_000)
  await report('an', none, now + 1_400_000)
  expect(rows).toEqual([0, 3, 0])
})

test('without network nothing is reported', async () => {
  await visit('v1')
  await flush()
  expect(server.reports).toEqual([])
})
