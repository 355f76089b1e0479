import { beforeEach, expect, test } from 'vitest'
import type { LocalRecord } from '../core/list'
import { person } from '../core/person'
import { AN } from '../core/testing'
import { fullName, recentsOf, search, type Group } from './categories'
import { holdsIdNumber, isTelephone } from './contact'
import { after, bodyOf, fieldOf, formOf, fresher, freshForm, placeOf, problemOf, shown, type Action, type ActionBody, type Issue, type IssueBody, type IssueState } from './issue'
import { timeline } from './use-issue'

beforeEach(() => { person.value = AN })

const filled = (more = {}) => ({ ...freshForm(), posting_id: 'p', category: '0301', what: '南门停车占道', ...more })

test.each([
  ['without a category', { category: '' }, '请选择问题类别', '搜索类别'],
  ['without a sentence', { what: ' ' }, '请写一句是什么问题', '是什么问题'],
  ['a contact nobody agreed to', { name: '王阿姨' }, '请先征得居民同意，再留联系方式；或清空联系方式', '居民同意留下联系方式'],
  ['a door nobody agreed to', { door: '201' }, '请先征得居民同意，再留联系方式；或清空联系方式', '居民同意留下联系方式'],
  ['a telephone of ten digits', { phone: '1380013800', consent: true }, '电话号码不对，应为 11 位手机号或带区号的固定电话，可以留空', '电话'],
  ['an ID number in the words', { more: '他的身份证 11010519491231002X' }, '这里不需要身份证号码，请删去后再保存', '补充说明'],
])('not saved %s', (_, part, sentence, field) => {
  expect(problemOf(filled(part))).toBe(sentence)
  expect(fieldOf(filled(part))).toBe(field)
})

test('a category and a sentence are enough', () => {
  expect(problemOf(filled())).toBeUndefined()
  expect(bodyOf(filled())).toEqual({ posting_id: 'p', visit_id: null, category: '0301', what: '南门停车占道', more: '', place_words: '', contact: null, photos: [] })
})

test('a contact goes with its consent, and a correction finds both again', () => {
  const form = filled({ name: ' 王阿姨 ', phone: '13800138000', consent: true, visit_id: 'v' })
  const body = bodyOf(form)
  expect(body.contact).toEqual({ name: '王阿姨', phone: '13800138000', door: '', consent: true })
  expect(formOf(body as IssueBody)).toEqual({ ...form, name: '王阿姨' })
})

test.each(['13800138000', '+86 138 0013 8000', '138-0013-8000', '0539-8123456', '8123456', '１３８００１３８０００', ''])('a telephone: %s', told => {
  expect(isTelephone(told)).toBe(true)
})

test.each(['12800138000', '110', '138001380001', '电话见备注'])('no telephone: %s', told => {
  expect(isTelephone(told)).toBe(false)
})

test.each([
  ['11010519491231002X', true], ['11010519491231002x', true], ['110105 19491231 002X', true], ['身份证１１０１０５１９４９１２３１００２Ｘ号', true],
  ['110105194912310021', false], ['110105194913310020', false], ['订单 202611221234567890123', false], ['13800138000', false],
])('an ID number in %s: %s', (text, holds) => {
  expect(holdsIdNumber(text)).toBe(holds)
})

test.each([
  ['3号楼王阿姨', '3号楼'], ['3号楼2单元201室李叔', '3号楼2单元201室'], ['A栋张师傅', 'A栋'], ['十二号楼', '十二号楼'], ['王阿姨', ''], ['北区5栋', '北区5栋'], ['', ''], ['物业公司', ''],
])('the place in %s is %s, never the person', (whom, words) => {
  expect(placeOf(whom)).toBe(words)
})

const ISSUE = { id: 'i', state: 'registered', agenda: false, digest: 'd1', category: '0301', category_name: '停车难', secretary: { id: 'an', name: '安宁' } } as Issue
const step = (state: IssueState | null, { seq = 1, ...more }: { seq?: number; [name: string]: unknown } = {}) => ({ path: `/issue-actions/${state}`, id: String(state), made_at: '2026-11-22T01:00:00Z', delivered_at: null, receipt: null, value: { issue_id: 'i', note: '看过', state, agenda: false, seq }, ...more }) as unknown as LocalRecord<ActionBody>

test('steps of this phone move the issue at once, in their order', () => {
  expect(after(ISSUE, [step('in_progress'), step(null)]).state).toBe('in_progress')
  expect(after(ISSUE, [step('in_progress'), step('resolved')]).state).toBe('resolved')
  expect(after(ISSUE, [step(null, { value: { issue_id: 'i', note: '', state: null, agenda: true } })])).toMatchObject({ state: 'registered', agenda: true })
  expect(after(ISSUE, [step('resolved', { value: { issue_id: 'other', state: 'resolved' } })])).toBe(ISSUE)
})

test('refused and held steps move nothing; delivered ones only until the server was asked', () => {
  const held = step('resolved', { receipt: { held_reason: '任期已结束' } })
  const steps = [step('in_progress', { delivered_at: 20, seq: 2 }), step('resolved', { delivered_at: 5 }), held, step(null), step('resolved', { path: '/refused' })]
  expect(fresher(steps, 10, path => path === '/refused').map(one => one.value.state)).toEqual([null, 'in_progress'])
})

test('each step stands once in the course of things', () => {
  const server = [{ id: 'a', made_at: '2026-11-22T03:00:00+00:00' }, { id: 'in_progress', made_at: '2026-11-22T01:00:00+00:00' }] as Action[]
  const all = timeline(server, [step('in_progress'), step('resolved', { made_at: '2026-11-22T02:00:00.000Z' })])
  expect(all.map(one => one.id)).toEqual(['in_progress', 'resolved', 'a'])
})

test('an unsent issue is shown as its own, with the name of its kind and no deadline yet', () => {
  const record = { id: 'i', digest: 'd2', made_at: '2026-11-22T01:00:00Z', receipt: null, value: { posting_id: 'p', category: '0501', what: '路灯不亮', contact: { name: '王', phone: '', door: '', consent: true } } } as unknown as LocalRecord<IssueBody>
  expect(shown(record, undefined, new Map([['0501', '路灯']]))).toMatchObject({ category_name: '路灯', state: 'registered', due_on: '', has_contact: true, secretary: { id: 'an' }, digest: 'd2' })
  expect(JSON.stringify(shown(record, undefined))).not.toContain('王')
  expect(shown(record, { ...ISSUE, state: 'in_progress', due_on: '2026-11-27' } as Issue)).toMatchObject({ state: 'in_progress', due_on: '2026-11-27', category_name: '' })
})

const GROUPS: Group[] = [
  { code: '03', name: '停车交通', children: [{ code: '0301', name: '停车难' }, { code: '0302', name: '占用通道' }] },
  { code: '05', name: '市政设施绿化', children: [{ code: '0501', name: '路灯' }] },
  { code: '99', name: '其他', children: [{ code: '9901', name: '其他' }] },
]

test('a kind is found by its own name first, then by its group’s', () => {
  expect(search(GROUPS, '停车').map(kind => kind.code)).toEqual(['0301', '0302'])
  expect(search(GROUPS, '灯').map(kind => kind.code)).toEqual(['0501'])
  expect(search(GROUPS, '宠物')).toEqual([])
  expect(search(GROUPS, ' ')).toEqual([])
})

test('what was filed last is offered first, once, and only what still exists', () => {
  expect(recentsOf(['0501', '0301', '0501', 'gone'], GROUPS).map(kind => kind.code)).toEqual(['0501', '0301'])
  expect(recentsOf(['0501', '0301', '0302'], GROUPS, 2)).toHaveLength(2)
})

test('a kind is called by its group and name, unless they are the same', () => {
  expect([fullName(GROUPS, '0301'), fullName(GROUPS, '9901'), fullName(GROUPS, 'gone')]).toEqual(['停车交通 · 停车难', '其他', ''])
})
