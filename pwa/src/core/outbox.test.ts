import { beforeEach, expect, test } from 'vitest'
import { withStore, write, type OutboxRow } from './db'
import { claim, LEASE_MS, nextOf, nextTime, purge, settle, stateOf, type Sending } from './outbox'
import { save } from './save'
import { AN, receipt, signedIn, wipe } from './testing'
import { keepPhoto } from './photos'

const row = (key: string, more: Partial<OutboxRow> = {}): OutboxRow => ({ key, owner: key, order: 1, after: [], tries: 0, next_at: 0, lease_until: 0, last: '', problem: null, made_at: '', ...more })
const REFUSED = { type: 'invalid', title: '服务器不收', status: 422 }

test.each([
  ['nothing in the outbox', undefined, false, 'delivered'],
  ['waiting', row('a'), false, 'queued'],
  ['waiting for the end of a backoff', row('a', { next_at: 2000, tries: 3 }), false, 'queued'],
  ['leased', row('a', { lease_until: 2000 }), false, 'sending'],
  ['a lease that ran out', row('a', { lease_until: 999 }), false, 'queued'],
  ['signed out', row('a'), true, 'paused'],
  ['refused', row('a', { problem: REFUSED }), false, 'needs_attention'],
  ['refused and signed out', row('a', { problem: REFUSED }), true, 'needs_attention'],
])('state: %s', (_, one, paused, state) => {
  expect(stateOf(one, { now: 1000, paused })).toBe(state)
})

test.each<[string, OutboxRow[], string | undefined]>([
  ['in order', [row('a'), row('b')], 'a'],
  ['a backoff lets the next one go first', [row('a', { next_at: 2000 }), row('b')], 'b'],
  ['a lease lets the next one go first', [row('a', { lease_until: 2000 }), row('b')], 'b'],
  ['a lease that ran out may be taken', [row('a', { lease_until: 999 }), row('b')], 'a'],
  ['a refused one holds up nobody', [row('a', { problem: REFUSED }), row('b')], 'b'],
  ['a child waits for its parent', [row('b', { after: ['a'] }), row('a')], 'a'],
  ['a child of a refused parent waits, others go', [row('a', { problem: REFUSED }), row('b', { after: ['a'] }), row('c')], 'c'],
  ['a child of a delivered parent goes', [row('b', { after: ['a'] })], 'b'],
  ['a grandchild waits too', [row('a', { next_at: 2000 }), row('b', { after: ['a'] }), row('c', { after: ['b'] })], undefined],
  ['a wait of a year was written by a clock that was wrong then', [row('a', { next_at: 31_536_000_000 })], 'a'],
  ['a lease of a year too', [row('a', { lease_until: 31_536_000_000 })], 'a'],
])('next: %s', (_, rows, key) => {
  expect(nextOf(rows, 1000)?.key).toBe(key)
})

test('the next look is when the first backoff or lease of a free row ends', () => {
  expect(nextTime([row('a', { next_at: 5000 }), row('b', { lease_until: 4000 }), row('c', { problem: REFUSED }), row('d', { after: ['a'] })])).toBe(4000)
  expect(nextTime([row('c', { problem: REFUSED })])).toBeUndefined()
})

const BODY = { posting_id: 'p1', kind: 'household' as const, whom: '李阿姨' }
const visit = (id: string, more: object = {}) => save('PUT /api/visits/{id}', { id, body: BODY, words: '走访', ...more })
const keys = async () => (await withStore(AN.id, db => db.getAllFromIndex('outbox', 'order'))).map(one => one.key)
const record = (key: string) => withStore(AN.id, db => db.get('records', key))
const take = async (now = 1000) => (await claim(AN.id, now))!
const deliver = (sent: Sending, now = 2000) => settle(AN.id, sent, { is: 'delivered', receipt: receipt((sent.record ?? sent.photo)!.id, (sent.record ?? sent.photo)!.digest) }, now)

beforeEach(async () => {
  await wipe()
  await signedIn(AN)
})

test('two senders that claim at once get different rows, then nothing', async () => {
  await visit('v1')
  await visit('v2')
  const got = await Promise.all([claim(AN.id, 1000), claim(AN.id, 1000), claim(AN.id, 1000)])
  expect(got.map(one => one?.row.key)).toEqual(['/visits/v1@1', '/visits/v2@1', undefined])
})

test('a sender that died is forgotten after its lease', async () => {
  await visit('v1')
  await take(1000)
  expect(await claim(AN.id, 1000 + LEASE_MS - 1)).toBeUndefined()
  expect((await claim(AN.id, 1000 + LEASE_MS))?.row.tries).toBe(2)
})

test('a receipt delivers exactly the version it names; a late one for version 1 leaves version 2 waiting', async () => {
  const first = await visit('v1')
  const sent = await take()
  await visit('v1', { correcting: first.digest })
  await deliver(sent)
  expect(await record('/visits/v1@1')).toMatchObject({ delivered_at: 2000 })
  expect(await record('/visits/v1@2')).toMatchObject({ receipt: null, if_match: first.digest })
  expect(await keys()).toEqual(['/visits/v1@2'])
  const again = await take()
  expect(again.record?.key).toBe('/visits/v1@2')
  await deliver(sent, 3000) // the reply of a second try of version 1
  expect(await keys()).toEqual(['/visits/v1@2'])
})

test('when version 1 is refused, the waiting version 2 is sent as the first', async () => {
  const first = await visit('v1')
  const sent = await take()
  await visit('v1', { correcting: first.digest })
  await settle(AN.id, sent, { is: 'refused', problem: REFUSED }, 2000)
  expect(await record('/visits/v1@1')).toBeUndefined()
  expect((await take()).record).toMatchObject({ version: 2, if_match: null })
})

test('photos follow their record one by one', async () => {
  const photo = await keepPhoto('d', { data: new ArrayBuffer(3), type: 'image/jpeg', digest: 'p', bytes: 3 })
  await visit('v1', { body: { ...BODY, photos: [photo] } })
  const sent = await take()
  expect(sent.record?.key).toBe('/visits/v1@1')
  expect(await claim(AN.id, 1000)).toBeUndefined()
  await deliver(sent)
  const next = await take()
  expect(next.photo?.id).toBe(photo.id)
  await deliver(next)
  expect(await keys()).toEqual([])
  expect((await withStore(AN.id, db => db.get('photos', photo.id)))?.delivered_at).toBe(2000)
})

test('a network failure waits, a sign-out does not count as a try', async () => {
  await visit('v1')
  await settle(AN.id, await take(), { is: 'again', why: '网络不通', afterMs: 9000 }, 1000)
  expect(await withStore(AN.id, db => db.get('outbox', '/visits/v1@1'))).toMatchObject({ tries: 1, next_at: 10_000, lease_until: 0, last: '网络不通' })
  await settle(AN.id, await take(10_000), { is: 'sign_in' }, 10_000)
  expect(await withStore(AN.id, db => db.get('outbox', '/visits/v1@1'))).toMatchObject({ tries: 1, lease_until: 0 })
})

test('after 30 days delivered copies go, after 14 their photos; what is unsent never, in any history', async () => {
  const DAY = 86_400_000
  for (const days of [0, 13, 15, 29, 31, 400]) {
    await wipe()
    await signedIn(AN)
    const photo = await keepPhoto('d', { data: new ArrayBuffer(3), type: 'image/jpeg', digest: 'p', bytes: 3 })
    await visit('sent', { body: { ...BODY, photos: [photo] } })
    await deliver(await take(), 0)
    await deliver(await take(), 0)
    await visit('unsent')
    await purge(AN.id, days * DAY)
    expect(await record('/visits/unsent@1')).toBeDefined()
    expect(await record('/visits/sent@1') !== undefined, `record after ${days} days`).toBe(days <= 30)
    expect(await withStore(AN.id, db => db.count('photos')), `photo after ${days} days`).toBe(days <= 14 ? 1 : 0)
  }
})

test('a photo that no draft lists any more goes after a day, one of a draft stays', async () => {
  await keepPhoto('left', { data: new ArrayBuffer(3), type: 'image/jpeg', digest: 'p', bytes: 3 })
  const kept = await keepPhoto('open', { data: new ArrayBuffer(3), type: 'image/jpeg', digest: 'q', bytes: 3 })
  await write(AN.id, ['drafts'], async tx => { await tx.objectStore('drafts').put({ key: 'open', id: 'x', value: '{}', updated_at: 0 }) })
  await purge(AN.id, Date.now() + 2 * 86_400_000)
  expect((await withStore(AN.id, db => db.getAll('photos'))).map(photo => photo.id)).toEqual([kept.id])
})
