import { expect, test } from 'vitest'
import { problemOf, roleWords, ROLES, type Form } from './roles'

const FORM: Form = { username: 'lin', name: '林一', roles: ['secretary'], area_path: '', branch_id: null, host_unit_id: null, sending_unit_id: null, disabled: false }

test.each<[string, Partial<Form>, string]>([
  ['a Chinese account name', { username: '林' }, '账号用小写字母开头，可以有数字，2 到 40 个'],
  ['one that begins with a digit', { username: '1lin' }, '账号用小写字母开头，可以有数字，2 到 40 个'],
  ['no name', { name: ' ' }, '请填写姓名'],
  ['no role', { roles: [] }, '请至少选一种身份'],
  ['a lead who is no secretary', { roles: ['branch_lead'] }, '支部书记同时也是红领书记，请一并选上'],
  ['a host officer without a unit', { roles: ['host_officer'] }, '任职单位联系人要选任职单位'],
  ['a sending-unit officer without a unit', { roles: ['sending_unit_officer'] }, '派出单位联络员要选派出单位'],
])('not saved: %s', (_, part, sentence) => {
  expect(problemOf({ ...FORM, ...part })).toBe(sentence)
})

test('an account needs a name, an account name and a role, no more', () => {
  expect(problemOf(FORM)).toBeUndefined()
  expect(problemOf({ ...FORM, roles: ['host_officer'], host_unit_id: 'u' })).toBeUndefined()
})

test('every role has its word', () => {
  expect(ROLES).toHaveLength(7)
  expect(roleWords(['secretary', 'branch_lead', 'new_one'])).toBe('红领书记、支部书记、new_one')
})
