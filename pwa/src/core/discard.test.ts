import { beforeEach, expect, test } from 'vitest'
import { withStore, write, type StoredRecord } from './db'
import { discard, followers } from './discard'
import { keepPhoto } from './photos'
import { save } from './save'
import { AN, receipt, signedIn, wipe } from './testing'

const BODY = { posting_id: 'p1', kind: 'household' as const, whom: '李阿姨' }
const ISSUE = { posting_id: 'p1', category: 'road', what: '路灯不亮' } as never
const visit = (id: string, more: object = {}) => save('PUT /api/visits/{id}', { id, body: BODY, words: '走访', ...more })
const voided = (id: string) => save('PUT /api/visits/{id}/void', { id, about: id, body: { reason: '记错了' }, words: '作废', after: [`/visits/${id}`] })
const issue = (id: string, more: object = {}) => save('PUT /api/issues/{id}', { id, body: ISSUE, words: '民情', ...more })
const step = (id: string, about: string, photos: object[] = []) => save('PUT /api/issue-actions/{id}', { id, about, after: [`/issues/${about}`], words: '进展', body: { issue_id: about, note: '联系物业', state: null, agenda: false, photos } as never })
const photo = (digest: string) => keepPhoto('d', { data: new ArrayBuffer(3), type: 'image/jpeg', digest, bytes: 3 })
const left = async () => Object.fromEntries((await withStore(AN.id, db => db.getAll('outbox'))).map(row => [row.key, row.after]))
const delivered = (record: StoredRecord) => write(AN.id, ['records', 'outbox'], async tx => {
  await tx.objectStore('records').put({ ...record, receipt: receipt(record.id, record.digest), delivered_at: 1 })
  await tx.objectStore('outbox').delete(record.key)
})

beforeEach(async () => {
  await wipe()
  await signedIn(AN)
})

test('giving up a refused record takes its photos and what is about it along, and nothing else', async () => {
  await visit('v1', { body: { ...BODY, photos: [await photo('p')] } })
  await voided('v1')
  await visit('v2')
  expect(await followers(AN.id, '/visits/v1@1')).toBe(1)
  await discard(AN.id, '/visits/v1@1')
  expect(await left()).toEqual({ '/visits/v2@1': [] })
  expect(await withStore(AN.id, db => db.count('photos'))).toBe(0)
})

test('an issue takes its steps along with their photos, but a visit not the issue that was born of it', async () => {
  await visit('v1')
  await issue('i1', { after: ['/visits/v1'] })
  await step('s1', 'i1', [await photo('p')])
  await issue('i2')
  expect(await followers(AN.id, '/visits/v1@1')).toBe(0)
  await discard(AN.id, '/visits/v1@1')
  expect(await left()).toMatchObject({ '/issues/i1@1': [], '/issue-actions/s1@1': ['/issues/i1@1'], '/issues/i2@1': [] })
  expect(await followers(AN.id, '/issues/i1@1')).toBe(1)
  await discard(AN.id, '/issues/i1@1')
  expect(await left()).toEqual({ '/issues/i2@1': [] })
  expect(await withStore(AN.id, db => db.count('photos'))).toBe(0)
})

test('ticks that waited for a refused opening of the meeting go on their own', async () => {
  await save('PUT /api/meeting-actions/{id}', { id: 'a1', about: 'm1', body: { meeting_id: 'm1', do: 'open' }, words: '开会' })
  await save('PUT /api/checkins/{id}', { id: 'c1', about: 'm1', after: ['/meeting-actions/a1'], body: { meeting_id: 'm1', way: 'tick', person_id: 'bai', code: null, claim: null }, words: '登记到会' })
  expect(await followers(AN.id, '/meeting-actions/a1@1')).toBe(0)
  await discard(AN.id, '/meeting-actions/a1@1')
  expect(await left()).toEqual({ '/checkins/c1@1': [] })
})

test('of a refused correction the server has the version before: its steps and the photos of that version still go', async () => {
  const [old, fresh] = [await photo('old'), await photo('new')]
  const first = await issue('i1', { body: { ...ISSUE as object, photos: [old] } })
  await delivered(first)
  await issue('i1', { correcting: first.digest, body: { ...ISSUE as object, photos: [old, fresh] } })
  await step('s1', 'i1')
  expect(await followers(AN.id, '/issues/i1@2')).toBe(0)
  await discard(AN.id, '/issues/i1@2')
  expect(await left()).toEqual({ [`/photos/${old.id}`]: ['/issues/i1@1'], '/issue-actions/s1@1': [] })
  expect((await withStore(AN.id, db => db.getAll('photos'))).map(each => each.id)).toEqual([old.id])
})

test('giving up a void, a step or a photo leaves what it was about', async () => {
  await visit('v1', { body: { ...BODY, photos: [await photo('p')] } })
  await voided('v1')
  await discard(AN.id, '/visits/v1/void@1')
  const [one] = await withStore(AN.id, db => db.getAll('photos'))
  expect(Object.keys(await left())).toEqual([`/photos/${one!.id}`, '/visits/v1@1'])
  await discard(AN.id, `/photos/${one!.id}`)
  expect(Object.keys(await left())).toEqual(['/visits/v1@1'])
})
