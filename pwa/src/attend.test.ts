import { beforeEach, expect, test, vi } from 'vitest'
import { attend } from './attend'
import { withStore, write } from './core/db'
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
