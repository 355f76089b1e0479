import { beforeEach, expect, test } from 'vitest'
import { asides, bodyOf, dropAside, intoDraft, recordOf, saveAsNew, setAside } from './attention'
import { withStore, write } from './db'
import { exportUnsent } from './export'
import { hurry } from './outbox'
import { keepPhoto } from './photos'
import { askAgain } from './reconcile'
import { save } from './save'
import { flush } from './sender'
import { AN, digestOf, FakeServer, problem, signedIn, wipe } from './testing'
import { setPaused } from './waiting'
import { crc32, zip } from './zip'

const BODY = { posting_id: 'p1', kind: 'household' as const, whom: '李阿姨' }
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const keys = async () => (await withStore(AN.id, db => db.getAllFromIndex('outbox', 'order'))).map(row => row.key)
let server: FakeServer

beforeEach(async () => {
  await wipe()
  await signedIn(AN)
  await setPaused(AN.id, false)
  server = new FakeServer().install()
})

/** A visit under whose id the server has something else. */
async function clash() {
  const photo = await keepPhoto('d', { data: new ArrayBuffer(0), type: 'image/jpeg', digest: EMPTY, bytes: 0 })
  server.stored.set('/api/visits/v1', 'f'.repeat(64))
  const record = await save('PUT /api/visits/{id}', { id: 'v1', body: { ...BODY, photos: [photo] }, words: '走访', sealed: true })
  await flush()
  expect((await withStore(AN.id, db => db.get('outbox', record.key)))?.problem?.type).toBe('digest_differs')
  return { record: (await recordOf(record.key))!, photo }
}

test('另存为新记录: both bodies end on the server, the photo with the new one', async () => {
  const { record } = await clash()
  const fresh = await saveAsNew(record)
  await flush()
  expect(fresh.id).not.toBe('v1')
  expect(fresh.made_at).toBe(record.made_at)
  expect(server.stored.get('/api/visits/v1')).toBe('f'.repeat(64))
  expect(server.stored.get(`/api${fresh.path}`)).toBe(fresh.digest)
  expect([...server.stored.keys()].filter(path => path.startsWith('/api/photos'))).toEqual([`/api/photos/${fresh.photos[0]}`])
  expect(await keys()).toEqual([])
  expect(await recordOf(record.key)).toBeUndefined()
  expect(await withStore(AN.id, db => db.count('photos'))).toBe(1)
})

test('另存为新记录 lists no photo that left this phone', async () => {
  const { record, photo } = await clash()
  await write(AN.id, ['photos'], tx => tx.objectStore('photos').delete(photo.id))
  const fresh = await saveAsNew(record)
  expect(fresh.photos).toEqual([])
  expect(await bodyOf(fresh)).toMatchObject({ whom: '李阿姨', photos: [] })
})

test('what belonged to something that a restored server had lost goes again when that may be back', async () => {
  server.plan = ({ method }) => method === 'PUT' ? problem(404, 'not_found', 'never') : undefined
  await save('PUT /api/visits/{id}', { id: 'v1', body: BODY, words: '走访' })
  await save('PUT /api/visits/{id}', { id: 'v2', body: BODY, words: '走访' })
  await flush()
  expect((await withStore(AN.id, db => db.getAll('outbox'))).map(row => row.problem?.status)).toEqual([404, 404])
  server.plan = ({ url }) => url.endsWith('/v2') ? problem(422, 'invalid', 'never') : undefined
  await askAgain(AN.id)
  await flush()
  expect([...server.stored.keys()]).toEqual(['/api/visits/v1'])
  await askAgain(AN.id)
  const sent = server.puts().length
  await flush()
  expect(server.puts()).toHaveLength(sent) // a 422 waits for a person
  expect(await keys()).toEqual(['/visits/v2@1'])
})

test('以服务器为准: the phone’s body gives way and can still be read, sealed as before', async () => {
  const { record, photo } = await clash()
  await setAside(record)
  expect(await keys()).toEqual([])
  const [aside] = await asides()
  expect(aside).toMatchObject({ id: 'v1', value: record.body })
  expect((await withStore(AN.id, db => db.get('photos', photo.id)))?.owner).toBe(`draft:${aside!.key}`)
  await dropAside(aside!.key)
  expect(await asides()).toEqual([])
  expect(await withStore(AN.id, db => db.count('photos'))).toBe(0)
})

test.each([['以服务器为准', setAside], ['另存为新记录', saveAsNew]])('%s leaves the photo that the server awaits since the version before in the queue', async (_, resolve) => {
  const [awaited, fresh] = [await keepPhoto('d', { data: new ArrayBuffer(0), type: 'image/jpeg', digest: EMPTY, bytes: 0 }), await keepPhoto('d', { data: new ArrayBuffer(0), type: 'image/jpeg', digest: EMPTY, bytes: 0 })]
  server.plan = ({ url }) => url.startsWith('/api/photos') ? problem(503, 'busy', 'later') : undefined
  const first = await save('PUT /api/visits/{id}', { id: 'v1', body: { ...BODY, photos: [awaited] }, words: '走访' })
  await flush()
  server.stored.set('/api/visits/v1', 'f'.repeat(64)) // another phone corrected it, and kept the photo
  const second = await save('PUT /api/visits/{id}', { id: 'v1', correcting: first.digest, body: { ...BODY, photos: [awaited, fresh] }, words: '走访' })
  await flush()
  await resolve((await recordOf(second.key))!)
  expect(await withStore(AN.id, db => db.get('photos', awaited.id))).toMatchObject({ owner: '/visits/v1' })
  server.plan = () => undefined
  await hurry(AN.id, true)
  await flush()
  expect(server.stored.has(`/api/photos/${awaited.id}`)).toBe(true)
  expect(server.stored.has(`/api/photos/${fresh.id}`)).toBe(false)
  expect([...server.stored.keys()].filter(path => path.startsWith('/api/photos'))).toHaveLength(resolve === saveAsNew ? 3 : 1)
  expect(await keys()).toEqual([])
})

test('修改重发 of a step: its content is the draft of a new try, the refused one goes', async () => {
  const record = await save('PUT /api/issue-actions/{id}', { id: 's1', about: 'i1', words: '进展', body: { issue_id: 'i1', note: '联系物业', state: null, agenda: false, photos: [] } })
  server.plan = () => problem(422, 'invalid', 'never')
  await flush()
  await intoDraft(record, 'issues/i1/step', { note: '联系物业' }, false)
  const draft = await withStore(AN.id, db => db.get('drafts', 'issues/i1/step'))
  expect(JSON.parse(draft!.value as string)).toEqual({ note: '联系物业' })
  expect(draft!.id).not.toBe('s1')
  expect(await keys()).toEqual([])
})

test('修改重发 of a step never goes over what is being written on that issue', async () => {
  const record = await save('PUT /api/issue-actions/{id}', { id: 's1', about: 'i1', words: '进展', body: { issue_id: 'i1', note: '联系物业', state: null, agenda: false, photos: [] } })
  await write(AN.id, ['drafts'], async tx => { await tx.objectStore('drafts').put({ key: 'issues/i1/step', id: 's2', value: '{"note":"另一步"}', updated_at: 1 }) })
  await expect(intoDraft(record, 'issues/i1/step', { note: '联系物业' }, false)).rejects.toThrow('没写完')
  expect((await withStore(AN.id, db => db.get('drafts', 'issues/i1/step')))!.value).toBe('{"note":"另一步"}')
  expect(await keys()).toHaveLength(1)
})

test('what waited for a record that gave way goes on', async () => {
  const { record } = await clash()
  await save('PUT /api/visits/{id}/void', { id: 'v1', about: 'v1', body: { reason: '记错了' }, words: '作废', after: ['/visits/v1'] })
  await setAside(record)
  await flush()
  expect(server.stored.has('/api/visits/v1/void')).toBe(true)
})

test('the backup holds the very strings and pictures, and an index', async () => {
  server.plan = () => 'lost'
  const photo = await keepPhoto('d', { data: new Uint8Array([1, 2, 3]).buffer, type: 'image/jpeg', digest: 'x', bytes: 3 })
  const one = await save('PUT /api/visits/{id}', { id: 'v1', body: { ...BODY, said: '楼道灯坏了', photos: [photo] }, words: '走访 · 李阿姨', sealed: true })
  await save('PUT /api/visits/{id}', { id: 'v2', body: BODY, words: '走访' })
  const files = read(new Uint8Array(await (await exportUnsent()).arrayBuffer()))
  const body = files.get('记录/001-visits-v1.json')!
  expect(await digestOf(body)).toBe(one.digest)
  expect(body).toContain('楼道灯坏了')
  expect(files.get(`照片/${photo.id}.jpg`)).toBe('\u0001\u0002\u0003')
  expect(files.get('说明.txt')).toContain('走访 · 李阿姨')
  expect(JSON.parse(files.get('index.json')!)).toMatchObject({ person: 'an', records: [{ path: '/visits/v1', digest: one.digest }, { path: '/visits/v2' }] })
  expect(read(new Uint8Array(await (await exportUnsent('/visits/v2')).arrayBuffer())).size).toBe(3)
})

test('the backup holds what was kept aside, with its photos, moved or still queued', async () => {
  const { record, photo } = await clash()
  await setAside(record)
  const awaited = await keepPhoto('x', { data: new Uint8Array([4]).buffer, type: 'image/jpeg', digest: 'y', bytes: 1 })
  await write(AN.id, ['drafts'], async tx => { await tx.objectStore('drafts').put({ key: 'aside//visits/v2@2', id: 'v2', value: JSON.stringify({ photos: [awaited] }), updated_at: 1 }) })
  const files = read(new Uint8Array(await (await exportUnsent()).arrayBuffer()))
  expect([...files.keys()].filter(name => name.startsWith('照片/')).sort()).toEqual([`照片/${photo.id}.jpg`, `照片/${awaited.id}.jpg`])
  expect(files.get('留存/-visits-v1@1.json')).toContain('李阿姨')
  expect(files.get('说明.txt')).toContain('照片 2 张，留存 2 份')
})

test('the checksum of a zip is the one everybody computes', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
  expect(zip([]).size).toBe(22)
})

test('nothing of another person gets into the backup', async () => {
  await write('bai', ['drafts'], async tx => { await tx.objectStore('drafts').put({ key: 'aside/x', id: 'x', value: '{"secret":1}', updated_at: 1 }) })
  const files = read(new Uint8Array(await (await exportUnsent()).arrayBuffer()))
  expect([...files.keys()]).toEqual(['说明.txt', 'index.json'])
})

/** A reader of its own, by the central directory. */
function read(bytes: Uint8Array): Map<string, string> {
  const view = new DataView(bytes.buffer)
  const end = bytes.length - 22
  const files = new Map<string, string>()
  let at = view.getUint32(end + 16, true)
  for (let i = 0; i < view.getUint16(end + 10, true); i++) {
    const [size, length, local] = [view.getUint32(at + 24, true), view.getUint16(at + 28, true), view.getUint32(at + 42, true)]
    const data = bytes.slice(local + 30 + length, local + 30 + length + size)
    expect(crc32(data)).toBe(view.getUint32(at + 16, true))
    files.set(new TextDecoder().decode(bytes.slice(at + 46, at + 46 + length)), new TextDecoder().decode(data))
    at += 46 + length
  }
  return files
}
