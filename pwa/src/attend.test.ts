import { beforeEach, expect, test, vi } from 'vitest'
import { attend, choicesFor } from './attend'
import { onWake } from './core/bell'
import { withStore, write, type OutboxRow, type StoredRecord } from './core/db'
import { save } from './core/save'
import { AN, signedIn, wipe } from './core/testing'
import { choose, confirm } from './core/ui'

vi.mock('./core/ui', () => ({ choose: vi.fn<() => void>(), confirm: vi.fn<() => void>(), toast: vi.fn<() => void>() }))

const ISSUE = { posting_id: 'p1', category: 'road', what: '路灯不亮' } as never
const keys = async () => (await withStore(AN.id, db => db.getAll('outbox'))).map(row => row.key)
const refused = (key: string, type = 'invalid', status = 422) => write(AN.id, ['outbox'], async tx => {
  const row = { ...(await tx.objectStore('outbox').get(key))!, tries: 1, problem: { type, title: '服务器不收', status } }
  await tx.objectStore('outbox').put(row)
  return row
})

beforeEach(async () => {
  await wipe()
  await signedIn(AN)
})

test('before a record is deleted it is said how many go with it', async () => {
  await save('PUT /api/issues/{id}', { id: 'i1', body: ISSUE, words: '民情' })
  await save('PUT /api/issue-actions/{id}', { id: 's1', about: 'i1', after: ['/issues/i1'], words: '进展', body: { issue_id: 'i1', note: '联系物业', state: null, agenda: false, photos: [] } })
  vi.mocked(choose).mockResolvedValue('discard')
  vi.mocked(confirm).mockResolvedValueOnce(false).mockResolvedValueOnce(true)
  const row = await refused('/issues/i1@1')
  await attend('/issues/i1', row)
  expect(await keys()).toHaveLength(2)
  await attend('/issues/i1', row)
  expect(vi.mocked(confirm).mock.calls.map(([asked]) => asked.title)).toEqual(Array(2).fill('删除这条记录，连同它后面的 1 条？'))
  expect(await keys()).toEqual([])
})

const words = (path: string, type: string, kind = 'visits') => {
  const row = { key: `${path}@1`, problem: { type, title: '', status: 409 } } as OutboxRow
  const record = path.startsWith('/photos/') ? undefined : { path, kind, id: path.split('/')[2]! } as StoredRecord
  return choicesFor(path, row, record).map(choice => choice.words)
}

test.each<[string, string, string, string[]]>([
  ['a visit', '/visits/v1', 'invalid', ['打开查看', '修改重发', '重试', '导出', '不再上传，删除']],
  ['a visit whose id is taken', '/visits/v1', 'id_taken', ['打开查看', '另存为新记录', '修改重发', '重试', '导出', '不再上传，删除']],
  ['a visit that clashes', '/visits/v1', 'digest_differs', ['打开查看', '另存为新记录', '修改重发', '以服务器为准（本机内容留存）', '重试', '导出']],
  ['a void', '/visits/v1/void', 'state', ['重试', '导出', '不再上传，删除']],
  ['a void that clashes', '/visits/v1/void', 'digest_differs', ['以服务器为准（本机内容留存）', '重试', '导出']],
  ['a decision', '/decisions/d1', 'state', ['重试', '导出', '不再上传，删除']],
  ['a photo', '/photos/p1', 'photo_unlisted', ['重试', '导出', '不再上传，删除']],
])('ways on for %s', (_, path, type, ways) => {
  expect(words(path, type)).toEqual(ways)
})

test('重试 sends the very same again at once', async () => {
  const record = await save('PUT /api/issues/{id}', { id: 'i1', body: ISSUE, words: '民情' })
  const woken: string[] = []
  onWake(reason => woken.push(reason))
  vi.mocked(choose).mockResolvedValue('retry')
  await attend('/issues/i1', await refused(record.key, 'state', 409))
  expect(await withStore(AN.id, db => db.getAll('outbox'))).toMatchObject([{ key: record.key, problem: null, next_at: 0 }])
  expect(await withStore(AN.id, db => db.get('records', record.key))).toEqual(record)
  expect(woken).toContain('by_hand')
})
