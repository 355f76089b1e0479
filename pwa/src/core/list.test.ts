import { beforeEach, expect, test } from 'vitest'
import { forgetLists, held, overlay, readLocal, type LocalRecord, isNewer } from './list'
import { save } from './save'
import { AN, BAI, FakeServer, json, signedIn, wipe } from './testing'

interface Row { id: string; said: string }
const local = (id: string, more: Partial<LocalRecord<{ said: string }>> = {}) => ({ id, path: `/visits/${id}`, value: { said: `本机 ${id}` }, delivered_at: null, ...more }) as LocalRecord<{ said: string }>
const show = (record: LocalRecord<{ said: string }>): Row => ({ id: record.id, said: record.value.said })

test.each<[string, Row[], number | null, LocalRecord<{ said: string }>[], string[]]>([
  ['unsent ones stand on top', [{ id: 'a', said: 'a' }], 10, [local('b')], ['本机 b', 'a']],
  ['an unsent correction replaces the server’s row', [{ id: 'a', said: 'a' }, { id: 'c', said: 'c' }], 10, [local('a')], ['本机 a', 'c']],
  ['delivered after the list was fetched still counts', [{ id: 'a', said: 'a' }], 10, [local('b', { delivered_at: 11 })], ['本机 b', 'a']],
  ['delivered before the list was fetched: the server’s word stands', [{ id: 'a', said: 'a' }], 10, [local('a', { delivered_at: 9 })], ['a']],
  ['and a record that the server no longer lists is not brought back', [], 10, [local('a', { delivered_at: 9 })], []],
  ['without any list everything local is shown', [], null, [local('a', { delivered_at: 9 }), local('b')], ['本机 a', '本机 b']],
])('overlay: %s', (_, items, asOf, records, words) => {
  expect(overlay(items, asOf, records, show).map(row => row.said)).toEqual(words)
})

beforeEach(async () => {
  await wipe()
  await signedIn(AN)
  forgetLists()
})

test('what was seen last can be read without signal, with its time, and only by the person who saw it', async () => {
  const server = new FakeServer().install()
  server.plan = () => json(200, { items: [{ id: 'a' }], next: null })
  await held('GET /api/visits').refresh()
  forgetLists()
  server.plan = () => 'lost'
  const again = held('GET /api/visits')
  await again.refresh()
  expect(again.data.value).toEqual({ items: [{ id: 'a' }], next: null })
  expect(again.asOf.value).toBeGreaterThan(0)
  expect(again.error.value).toBe('网络不通')
  await signedIn(BAI)
  const other = held('GET /api/visits')
  await other.refresh()
  expect(other.data.value).toBeUndefined()
})

test('JSON of somebody else is neither shown nor kept', async () => {
  const server = new FakeServer().install()
  server.plan = () => json(200, { items: [{ id: 'a' }], next: null })
  await held('GET /api/visits').refresh()
  server.start = null // a portal, or a proxy of the house
  server.plan = () => json(200, { code: 0, data: null })
  for (const fresh of [false, true]) {
    if (fresh) forgetLists()
    const one = held('GET /api/visits')
    await one.refresh()
    expect([one.data.value, one.error.value]).toEqual([{ items: [{ id: 'a' }], next: null }, '收到的不是红领通的答复'])
  }
})

test('of several versions on the phone the newest is shown, opened', async () => {
  const first = await save('PUT /api/visits/{id}', { id: 'v1', body: { posting_id: 'p', kind: 'household', said: '一' }, words: '走访', sealed: true })
  await save('PUT /api/visits/{id}', { id: 'v1', body: { posting_id: 'p', kind: 'household', said: '二' }, words: '走访', correcting: first.digest, sealed: true })
  const found = await readLocal<{ said: string }>('visits', 'v1')
  expect(found.map(record => record.value.said)).toEqual(['二'])
})

test.each([
  ['not delivered', null, 100, true], ['delivered after it was asked', 200, 100, true], ['delivered before', 50, 100, false],
  ['never asked', 50, null, true], ['dated by a clock that ran ahead', Date.now() + 86_400_000, 100, false],
])('%s: %s against %s is newer: %s', (_, delivered_at, asOf, expected) => {
  expect(isNewer(delivered_at, asOf)).toBe(expected)
})
