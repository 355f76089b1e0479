import { expect, test } from 'vitest'
import { dueMark, stepWords, STEPS, whereOf } from './words'
import { isWorkday, workdaysBetween } from './workdays'

test.each([
  ['a Monday', '2026-11-23', true],
  ['a Saturday', '2026-11-28', false],
  ['National Day, a Thursday', '2026-10-01', false],
  ['the Saturday worked for it', '2026-10-10', true],
  ['a Sunday worked before it', '2026-09-20', true],
  ['the Spring Festival', '2026-02-17', false],
  ['a Monday of a year without a notice', '2031-03-03', true],
  ['a Sunday of a year without a notice', '2031-03-02', false],
])('%s is a working day: %s %s', (_, day, worked) => {
  expect(isWorkday(day)).toBe(worked)
})

test.each([
  ['2026-11-20', '2026-11-27', 5], // a Friday to the next Friday
  ['2026-11-22', '2026-11-27', 5], // from a Sunday
  ['2026-09-28', '2026-10-09', 4], // over National Day: 29, 30, 8 and 9
  ['2026-10-09', '2026-10-12', 2], // over the worked Saturday
  ['2026-11-27', '2026-11-27', 0],
  ['2026-11-28', '2026-11-27', 0],
])('from %s to %s: %i working days', (from, to, days) => {
  expect(workdaysBetween(from, to)).toBe(days)
})

const DUE = { state: 'registered' as const, due_on: '2026-11-27', due_at: '2026-11-27T09:30:00Z' } // 17:30 in Shanghai
const at = (text: string) => Date.parse(`${text}+08:00`)

test.each([
  ['five days before', '2026-11-20T10:00:00', { words: '剩5个工作日' }],
  ['late on Sunday, which counts nothing', '2026-11-22T23:50:00', { words: '剩5个工作日' }],
  ['the day before', '2026-11-26T08:00:00', { words: '剩1个工作日', kind: 'wait' }],
  ['on the day', '2026-11-27T17:29:00', { words: '今天17:30前', kind: 'wait' }],
  ['when the office has closed', '2026-11-27T17:31:00', { words: '已超期', kind: 'red' }],
  ['a month later', '2026-12-27T09:00:00', { words: '已超期', kind: 'red' }],
])('due mark %s', (_, now, mark) => {
  expect(dueMark(DUE, at(now))).toEqual(mark)
})

test('nothing is due once it is resolved, nor before the server has set a deadline', () => {
  expect(dueMark({ ...DUE, state: 'resolved' }, at('2026-12-27T09:00:00'))).toBeUndefined()
  expect(dueMark({ state: 'registered', due_on: '', due_at: '' }, at('2026-12-27T09:00:00'))).toBeUndefined()
})

test('the steps offered are the moves the server allows, and one that moves nothing', () => {
  const moves = Object.fromEntries(Object.entries(STEPS).map(([state, steps]) => [state, steps.map(step => step.value)]))
  expect(moves).toEqual({ registered: ['in_progress', 'resolved', null], in_progress: [null, 'resolved'], resolved: [null, 'in_progress'] })
})

test('what a step did, and where a matter is, in words', () => {
  expect([stepWords('in_progress'), stepWords('resolved'), stepWords(null)]).toEqual(['开始办理', '办结', '记进展'])
  expect(whereOf({ category_name: '路灯', place_words: '' })).toBe('路灯')
  expect(whereOf({ category_name: '路灯', place_words: '3号楼' })).toBe('路灯 · 3号楼')
})
