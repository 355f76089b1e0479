import { beforeEach, expect, test, vi } from 'vitest'
import { readSetting, withStore, write } from './db'
import { person } from './person'
import { save } from './save'
import { renew, signIn, signOut, startSession, takenOver, unfinished } from './session'
import { flush } from './sender'
import { AN, BAI, FakeServer, json, problem, signedIn, wipe } from './testing'
import { announce } from './bell'
import { paused, rows } from './waiting'
import { writeSetting } from './db'

const visit = (id: string) => save('PUT /api/visits/{id}', { id, body: { posting_id: 'p1', kind: 'household', whom: '李阿姨' }, words: '走访' })
const count = (who: string, store: 'records' | 'outbox' | 'cache') => withStore(who, db => db.count(store))
let server: FakeServer

beforeEach(async () => {
  await wipe()
  await signedIn(null)
  await writeSetting('signing_out', false)
  takenOver.value = null
  server = new FakeServer().install()
})

const accounts = ({ url, method, body }: { url: string; method: string; body: unknown }) => {
  if (url !== '/api/session' || method !== 'POST') return undefined
  const { username } = JSON.parse(body as string) as { username: string }
  const found = [AN, BAI].find(one => one.username === username)
  return found ? json(200, found) : problem(401, 'wrong_password', 'never')
}

test('offline the last person stays signed in', async () => {
  await signedIn(AN)
  person.value = null
  server.plan = () => 'lost'
  await startSession()
  expect(person.value).toEqual(AN)
  expect(paused.value).toBe(false)
})

test('offline nobody else can sign in', async () => {
  server.plan = () => 'lost'
  await expect(signIn('bai', 'x')).rejects.toThrow('网络不通')
  expect(person.value).toBe(null)
})

test('a wrong password shows the server’s sentence and signs nobody in', async () => {
  server.plan = accounts
  await expect(signIn('nobody', 'x')).rejects.toThrow('服务器说：wrong_password')
  expect(await readSetting('who')).toBe(null)
})

test('an expired session pauses the queue; signing in again goes on without re-entry', async () => {
  await signedIn(AN)
  server.plan = request => request.url === '/api/session' && request.method === 'GET' ? problem(401, 'sign_in', 'after_sign_in') : accounts(request)
  await renew()
  expect(paused.value).toBe(true)
  await visit('v1')
  await flush()
  expect(server.puts()).toHaveLength(0)
  await signIn('an', 'x')
  await flush()
  expect(paused.value).toBe(false)
  expect(server.stored.has('/api/visits/v1')).toBe(true)
})

test('a session of somebody else at the server pauses the queue', async () => {
  await signedIn(AN)
  server.plan = () => json(200, BAI)
  await renew()
  expect(paused.value).toBe(true)
  expect(person.value?.id).toBe('an')
})

test('signing out removes what was delivered and keeps what is unsent for its owner alone', async () => {
  server.plan = accounts
  await signIn('an', 'x')
  await visit('sent')
  await flush()
  server.plan = request => request.url.startsWith('/api/visits') ? 'lost' : accounts(request) ?? (request.method === 'DELETE' ? new Response(null, { status: 204 }) : undefined)
  await visit('unsent')
  await write('an', ['cache'], async tx => { await tx.objectStore('cache').put({ key: 'k', as_of: 0, value: {} }) })
  expect(await unfinished()).toEqual({ unsent: 1, drafts: 0 })
  await signOut()
  expect(person.value).toBe(null)
  expect(rows.value).toEqual([])
  expect((await withStore('an', db => db.getAllKeys('records')))).toEqual(['/visits/unsent@1'])
  expect(await count('an', 'cache')).toBe(0)

  await signIn('bai', 'x')
  expect(rows.value).toEqual([])
  await flush()
  expect(server.puts('/visits/unsent').some(put => put.headers['Hongling-Person'] !== 'an')).toBe(false)

  server.plan = request => accounts(request) ?? (request.method === 'DELETE' ? new Response(null, { status: 204 }) : undefined)
  await signOut()
  await signIn('an', 'x')
  await vi.waitFor(async () => { await flush(); expect(server.stored.has('/api/visits/unsent')).toBe(true) })
})

test('a window that the phone froze does not hold a sign-out up', async () => {
  await signedIn(AN)
  await visit('v1')
  await flush()
  const frozen = await new Promise<IDBDatabase>(resolve => {
    const asked = indexedDB.open(`hongling-${AN.id}`)
    asked.addEventListener('success', () => resolve(asked.result))
  })
  await signOut()
  expect([person.value, await count('an', 'records'), await count('an', 'cache')]).toEqual([null, 0, 0])
  frozen.close()
})

test('an offline sign-out hides everything now, and DELETE is the first call when the network is back', async () => {
  await signedIn(AN)
  server.plan = () => 'lost'
  await signOut()
  expect(person.value).toBe(null)
  expect(await readSetting('who')).toBe(null)
  server.arrived = []
  server.plan = request => accounts(request) ?? (request.method === 'DELETE' ? new Response(null, { status: 204 }) : undefined)
  await signIn('bai', 'x')
  expect(server.arrived.map(request => request.method)).toEqual(['DELETE', 'POST'])
})

test('another person in another tab: this one notices, shows nothing more and stops', async () => {
  await signedIn(AN)
  server.plan = () => 'lost'
  await startSession()
  await writeSetting('who', { person: BAI, signed_in_at: 0 })
  announce('session')
  await vi.waitFor(() => expect(takenOver.value).toBe('白云'))
})

test('a sign-out in another tab signs this one out too', async () => {
  await signedIn(AN)
  server.plan = () => 'lost'
  await startSession()
  await writeSetting('who', null)
  announce('session')
  await vi.waitFor(() => expect(person.value).toBe(null))
})

test('a sign-out stands, even when the answer to who is signed in comes after it', async () => {
  await signedIn(AN)
  const gate: { open?: () => void } = {}
  const late = new Promise<void>(resolve => { gate.open = resolve })
  server.plan = async ({ method }) => {
    if (method !== 'GET') return new Response(null, { status: 204 })
    await late
    return json(200, AN)
  }
  const asking = renew()
  await signOut()
  gate.open!()
  await asking
  expect(person.value).toBe(null)
  expect(await readSetting('who')).toBe(null)
})

test('once a day the session is prolonged', async () => {
  localStorage.clear()
  await signedIn(AN)
  server.plan = ({ url, method }) => url !== '/api/session' ? undefined : method === 'GET' ? json(200, AN) : new Response(null, { status: 204 })
  const prolonged = () => server.arrived.filter(({ url, method }) => url === '/api/session' && method === 'PUT').length
  await renew()
  await renew()
  expect(prolonged()).toBe(1)
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 86_400_001 })
  await renew()
  expect(prolonged()).toBe(2)
  vi.useRealTimers()
})
