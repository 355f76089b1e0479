import { IDBFactory } from 'fake-indexeddb'
import { beforeEach, expect, test, vi } from 'vitest'

/* A phone: its stores, and the bucket with the second copy apart from them. Each start loads the app anew, as after a kill. */

let bucket: IDBFactory

beforeEach(() => {
  localStorage.clear()
  vi.stubGlobal('BroadcastChannel', undefined) // else the phones of the tests before would hear this one
  vi.stubGlobal('indexedDB', new IDBFactory())
  bucket = new IDBFactory()
  Object.defineProperty(navigator, 'storageBuckets', { configurable: true, value: { open: async () => ({ indexedDB: bucket }) } })
})

const throwAway = () => vi.stubGlobal('indexedDB', new IDBFactory())

async function app() {
  vi.resetModules()
  const { AN, digestOf, FakeServer, signedIn } = await import('./testing')
  new FakeServer().install().plan = () => 'lost'
  const db = await import('./db')
  const parts = { ...db, AN, digestOf, signedIn, ...await import('./save'), ...await import('./bell'), ...await import('./photos'), ...await import('./session'), ...await import('./draft'), ...await import('./seal'), ...await import('./discard'), ...await import('./outbox'), person: (await import('./person')).person, evicted: (await import('./tally')).evicted }
  const all = <S extends 'records' | 'outbox' | 'drafts' | 'photos'>(store: S) => db.withStore(AN.id, one => one.getAll(store))
  return { ...parts, all }
}
type App = Awaited<ReturnType<typeof app>>

const BODY = { posting_id: 'p1', kind: 'household' as const, whom: '3号楼李阿姨', said: '楼道灯坏了' }
/** Until the lists have looked again: the app of before must not look into the store of the next one. */
const visit = async (phone: App, id: string, more = {}) =>
  (await Promise.all([phone.save('PUT /api/visits/{id}', { id, body: BODY, words: '走访', ...more }), new Promise<unknown>(phone.onChange)]))[0]
const shrunk = (text: string) => ({ data: new TextEncoder().encode(text).buffer as ArrayBuffer, type: 'image/jpeg', digest: `digest of ${text}`, bytes: text.length })
const copied = async () => (await import('./reserve')).keep('an')

/** While the copy cannot be opened. */
async function silently(act: () => Promise<unknown>): Promise<void> {
  const open = Object.getOwnPropertyDescriptor(navigator, 'storageBuckets')!
  Object.defineProperty(navigator, 'storageBuckets', { configurable: true, value: { open: () => Promise.reject(new DOMException('busy', 'UnknownError')) } })
  await act()
  Object.defineProperty(navigator, 'storageBuckets', open)
}

async function signedInApp(): Promise<App> {
  const phone = await start()
  await phone.signedIn(phone.AN)
  return phone
}

async function start(): Promise<App> {
  const phone = await app()
  await phone.startSession()
  return phone
}

test('what was confirmed is there again after the browser threw the store away, byte for byte, photo and key and all', async () => {
  const before = await signedInApp()
  const photo = await before.keepPhoto('visits/new', shrunk('one'))
  const record = await visit(before, 'v1', { body: { ...BODY, photos: [photo] }, sealed: true })
  throwAway()
  const phone = await start()
  expect(phone.person.value?.id).toBe('an')
  const [back] = await phone.all('records')
  expect(back).toMatchObject({ key: record.key, digest: record.digest, photos: [photo.id] })
  expect(await phone.digestOf(await phone.unseal('an', back!.body))).toBe(record.digest)
  expect((await phone.all('outbox')).map(row => [row.key, row.after])).toEqual([[`/photos/${photo.id}`, ['/visits/v1@1']], ['/visits/v1@1', []]])
  expect(await phone.all('photos')).toMatchObject([{ id: photo.id, owner: '/visits/v1', delivered_at: null }])
  expect(phone.evicted.value).toBeNull()
})

test('a draft and its photo come back as well, and what is saved next counts on', async () => {
  const before = await signedInApp()
  await visit(before, 'v1')
  const photo = await before.keepPhoto('visits/new', shrunk('two'))
  await before.write('an', ['drafts'], async tx => { await tx.objectStore('drafts').put({ key: 'visits/new', id: 'v2', value: '{"said":"一半"}', updated_at: 1 }) })
  await copied()
  throwAway()
  const phone = await start()
  expect(await phone.all('drafts')).toMatchObject([{ key: 'visits/new', value: '{"said":"一半"}' }])
  expect(await phone.all('photos')).toMatchObject([{ id: photo.id, owner: 'draft:visits/new' }])
  const next = await visit(phone, 'v2', { draft: 'visits/new' })
  expect(JSON.parse(next.body as string)).toMatchObject({ seq: 2 })
})

test('what was delivered, or given up, or corrected before it left, does not come back', async () => {
  const before = await signedInApp()
  const first = await visit(before, 'v1')
  await visit(before, 'v2')
  const sent = (await before.claimSome('an', Date.now(), 1))[0]!
  await before.settle('an', sent, { is: 'delivered', receipt: { digest: first.digest } as never }, Date.now())
  await before.discard('an', '/visits/v2@1')
  const third = await visit(before, 'v3')
  await visit(before, 'v3', { correcting: third.digest })
  await copied()
  throwAway()
  const phone = await start()
  expect((await phone.all('outbox')).map(row => row.key)).toEqual(['/visits/v3@2'])
})

test('a kill while it is put back costs nothing: the next start goes on', async () => {
  const before = await signedInApp()
  await visit(before, 'v1')
  await visit(before, 'v2')
  throwAway()
  const killed = await app()
  const put = IDBObjectStore.prototype.put
  let left = 2
  const dying = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
    if (this.name === 'outbox' && --left < 1) throw new DOMException('killed', 'AbortError')
    return put.apply(this, args as [unknown])
  })
  await killed.startSession()
  dying.mockRestore()
  expect(await killed.all('outbox')).toHaveLength(1)
  const phone = await start()
  expect((await phone.all('outbox')).map(row => row.key)).toEqual(['/visits/v1@1', '/visits/v2@1'])
})

test('what was saved into the new store before the copy came back is kept beside it, and both can be opened', async () => {
  const before = await signedInApp()
  await visit(before, 'v1', { sealed: true })
  throwAway()
  const phone = await app() // while it runs: nothing was put back at its start
  phone.person.value = phone.AN
  await silently(() => visit(phone, 'v2', { sealed: true }))
  await copied()
  throwAway()
  const last = await start()
  const records = await last.all('records')
  expect(records.map(record => record.id)).toEqual(['v1', 'v2'])
  for (const record of records) expect(await last.digestOf(await last.unseal('an', record.body))).toBe(record.digest)
})

test('a photo that still waited for its delivered record comes back with it, and nobody hears of lost work', async () => {
  const before = await signedInApp()
  const photo = await before.keepPhoto('visits/new', shrunk('one'))
  const record = await visit(before, 'v1', { body: { ...BODY, photos: [photo] } })
  const sent = (await before.claimSome('an', Date.now(), 1))[0]!
  await before.settle('an', sent, { is: 'delivered', receipt: { digest: record.digest } as never }, Date.now())
  await copied()
  throwAway()
  const phone = await start()
  expect(await phone.all('records')).toMatchObject([{ key: record.key, receipt: { digest: record.digest } }])
  const waiting = (await phone.claimSome('an', Date.now(), 1))[0]!
  expect(waiting.photo?.id).toBe(photo.id)
  await phone.settle('an', waiting, { is: 'delivered', receipt: { digest: photo.digest } as never }, Date.now())
  await (await import('./tally')).reckonAll()
  expect(phone.evicted.value).toBeNull()
})

test('one thing that cannot be put back stops neither the others nor the app', async () => {
  const before = await signedInApp()
  await before.keepPhoto('visits/new', shrunk('one'))
  await before.write('an', ['drafts'], async tx => { await tx.objectStore('drafts').put({ key: 'visits/new', id: 'v9', value: '{}', updated_at: 1 }) })
  await visit(before, 'v1')
  await copied()
  throwAway()
  const put = IDBObjectStore.prototype.put
  const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
    if (this.name === 'photos') throw new DOMException('full', 'QuotaExceededError')
    return put.apply(this, args as [unknown])
  })
  const phone = await start()
  await copied()
  full.mockRestore()
  expect(await phone.all('outbox')).toHaveLength(1)
  expect(await (await start()).all('photos')).toHaveLength(1)
})

test('a draft that was saved before the copy came back stays ended', async () => {
  const before = await signedInApp()
  await before.write('an', ['drafts'], async tx => { await tx.objectStore('drafts').put({ key: 'visits/new', id: 'v1', value: '{}', updated_at: 1 }) })
  await copied()
  throwAway()
  await before.close('an')
  await visit(before, 'v1', { draft: 'visits/new' })
  await copied()
  expect(await before.all('drafts')).toEqual([])
})

test('a new key that nothing told the copy of does not keep the rest from coming back', async () => {
  const before = await signedInApp()
  const first = await visit(before, 'v0', { sealed: true })
  await before.settle('an', (await before.claimSome('an', Date.now(), 1))[0]!, { is: 'delivered', receipt: { digest: first.digest } as never }, Date.now())
  await copied()
  throwAway()
  const phone = await app()
  phone.person.value = phone.AN
  await silently(() => visit(phone, 'v1', { sealed: true }))
  await visit(phone, 'v2')
  await copied()
  throwAway()
  const last = await start()
  const records = await last.all('records')
  expect(records.map(record => record.id)).toEqual(['v1', 'v2'])
  expect(await last.digestOf(await last.unseal('an', records[0]!.body))).toBe(records[0]!.digest)
})

test('what may have reached the server is corrected, not replaced, and a parent comes back before its photo', async () => {
  const before = await signedInApp()
  const photo = await before.keepPhoto('visits/new', shrunk('one'))
  const first = await visit(before, 'v1', { body: { ...BODY, photos: [photo] } })
  await before.claimSome('an', Date.now(), 1) // it left, and the answer was never seen
  throwAway()
  const phone = await app()
  const order: string[] = []
  const put = IDBObjectStore.prototype.put
  const watching = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
    if (this.name === 'outbox') order.push((args[0] as { key: string }).key)
    return put.apply(this, args as [unknown])
  })
  await phone.startSession()
  watching.mockRestore()
  expect(order).toEqual(['/visits/v1@1', `/photos/${photo.id}`])
  expect((await visit(phone, 'v1', { correcting: first.digest })).if_match).toBe(first.digest)
})

test('a slower window that also puts things back does not undo what was decided since', async () => {
  await visit(await signedInApp(), 'v1', { sealed: true })
  throwAway()
  let go: (() => void) | undefined
  const standing = new Promise<void>(resolve => { go = resolve })
  vi.doMock('./seal', async original => ({ ...await original<object>(), unseal: () => standing }))
  vi.resetModules()
  const slow = (await import('./reserve')).recover()
  vi.doUnmock('./seal')
  const phone = await start()
  await phone.discard('an', '/visits/v1@1')
  go!()
  await slow
  expect(await phone.all('outbox')).toEqual([])
})

test('a photo that comes back before what it belongs to is not taken for left behind', async () => {
  const before = await signedInApp()
  const photo = await before.keepPhoto('visits/new', shrunk('one'))
  await before.write('an', ['photos', 'drafts'], async tx => { await tx.objectStore('photos').put({ ...(await tx.objectStore('photos').get(photo.id))!, kept_at: 0 }) })
  await copied()
  throwAway()
  const phone = await start()
  await phone.purge('an', Date.now(), { confirmed: false })
  expect(await phone.all('photos')).toHaveLength(1)
})

test('a sign-out stands, although the copy is slow and an answer of the server comes late', async () => {
  const phone = await signedInApp()
  let answer: ((response: Response) => void) | undefined
  vi.stubGlobal('fetch', (_: string, { method = 'GET' }: RequestInit = {}) => method === 'GET' ? new Promise<Response>(resolve => { answer = resolve }) : Promise.resolve(new Response(null, { status: 204 })))
  const renewing = phone.renew()
  await vi.waitFor(() => expect(answer).toBeDefined())
  Object.defineProperty(navigator, 'storageBuckets', { configurable: true, value: { open: () => new Promise<never>(() => undefined) } })
  const leaving = phone.signOut()
  await vi.waitFor(async () => expect(await phone.readSetting('who')).toBeNull(), { timeout: 3000, interval: 1 })
  answer!(new Response(JSON.stringify(phone.AN), { headers: { 'Content-Type': 'application/json' } }))
  await Promise.all([renewing, leaving])
  expect([phone.person.value, await phone.readSetting('who')]).toEqual([null, null])
})

test('thrown away itself, the copy is made again of what lies in the store, whoever is signed in', async () => {
  const before = await signedInApp()
  await visit(before, 'v1')
  await before.signedIn(null)
  bucket = new IDBFactory()
  await start()
  await vi.waitFor(async () => {
    expect(await bucket.databases()).toHaveLength(1) // else the look itself would make it
    const { wrap } = await import('idb')
    const db = (await wrap(bucket.open('hongling-unsent')))!
    const keys = await db.getAllKeys('things') as string[][]
    db.close()
    expect(keys.map(key => key.slice(0, 3).join(' '))).toContain('an outbox /visits/v1@1')
  }, 5000)
  throwAway()
  const phone = await start()
  expect(phone.person.value).toBeNull()
  expect(await phone.all('outbox')).toHaveLength(1)
})

test('a store that is there is believed: what lies in an old copy is not brought back', async () => {
  const before = await signedInApp()
  await visit(before, 'v1')
  await copied()
  const phone = await start()
  await phone.write('an', ['records', 'outbox'], async tx => {
    await tx.objectStore('records').clear()
    await tx.objectStore('outbox').clear()
  })
  expect(await (await start()).all('outbox')).toEqual([])
})

test.each([
  ['refuses to open', () => Promise.reject(new DOMException('no', 'UnknownError'))],
  ['never opens', () => new Promise<never>(() => undefined)],
])('a bucket that %s keeps nobody from saving', async (_, open) => {
  Object.defineProperty(navigator, 'storageBuckets', { configurable: true, value: { open } })
  const phone = await app()
  await phone.signedIn(phone.AN)
  await visit(phone, 'v1')
  expect(await phone.all('outbox')).toHaveLength(1)
})
