import { beforeEach, expect, test, vi } from 'vitest'
import { ApiProblem } from '../core/api'
import { withStore } from '../core/db'
import { startSender } from '../core/sender'
import { AN, FakeServer, problem, signedIn, wipe } from '../core/testing'
import { problemOf, type Form } from './form'
import { saveNow, sentenceOf } from './save-now'
import { termOf } from './words'

const UNIT = { id: 'u', name: '某单位' }
const FORM: Form = { secretary: UNIT, host_unit: UNIT, sending_unit: UNIT, branch: UNIT, dispatch_level: 'city', cohort: '第二批', start_on: '2026-11-22', end_on: '' }

test.each<[keyof Form, unknown, string]>([
  ['secretary', null, '请选择红领书记'],
  ['host_unit', null, '请选择任职单位'],
  ['sending_unit', null, '请选择派出单位'],
  ['branch', null, '请选择临时党支部'],
  ['cohort', ' ', '请填写批次，如 第二批'],
  ['start_on', '', '请选择任职日期'],
  ['end_on', '2026-11-21', '届满日期早于任职日期'],
])('not saved with %s = %j', (field, value, sentence) => {
  expect(problemOf({ ...FORM, [field]: value })).toBe(sentence)
})

test('an open end is no mistake', () => {
  expect(problemOf(FORM)).toBeUndefined()
})

test.each([
  [{ start_on: '2026-03-01', end_on: null, ended_on: null }, '2026年3月1日 起'],
  [{ start_on: '2026-03-01', end_on: '2028-02-29', ended_on: null }, '2026年3月1日 至 2028年2月29日'],
  [{ start_on: '2026-03-01', end_on: '2028-02-29', ended_on: '2026-11-22' }, '2026年3月1日 至 2026年11月22日'],
])('the term of %j is %s', (posting, words) => {
  expect(termOf(posting)).toBe(words)
})

const end = () => saveNow('PUT /api/posting-ends/{id}', { id: 'e1', words: '结束选派', body: { posting_id: 'p', ended_on: '2026-11-22', reason: 'term', note: '', successor_posting_id: null } })
const outbox = () => withStore(AN.id, db => db.getAll('outbox'))

beforeEach(async () => {
  await wipe()
  await signedIn(AN)
  startSender()
})

test('at a desk the answer is waited for', async () => {
  const server = new FakeServer().install()
  expect(await end()).toBe('delivered')
  expect(server.puts('/posting-ends/e1')).toHaveLength(1)
  expect(await outbox()).toEqual([])
})

test('what the server refuses is taken back, its sentence thrown, and the same form can be saved again', async () => {
  const server = new FakeServer().install()
  server.plan = () => problem(409, 'state', 'never')
  await expect(end()).rejects.toThrow('服务器说：state')
  expect(await outbox()).toEqual([])
  server.plan = () => undefined
  expect(await end()).toBe('delivered')
})

test('where the store cannot be read after the save, it is on this phone and no more is said', async () => {
  const server = new FakeServer().install()
  server.plan = () => 'lost'
  const transaction = IDBDatabase.prototype.transaction
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...args) {
    if (args[0] === 'outbox') throw new DOMException('closed', 'UnknownError') // the look at the row alone
    return transaction.apply(this, args)
  })
  expect(await end()).toBe('waiting')
  vi.restoreAllMocks()
  expect(await outbox()).toHaveLength(1)
})

test('the words for each field are shown as one sentence', () => {
  const refusal = new ApiProblem({ type: 'invalid', title: '填写有误', status: 422, fields: { ended_on: ['结束日期不能晚于今天'], note: ['太长'] } })
  expect(sentenceOf(refusal)).toBe('结束日期不能晚于今天；太长')
  expect(sentenceOf(new Error('网络不通'))).toBe('网络不通')
})
