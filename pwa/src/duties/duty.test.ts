import { expect, test } from 'vitest'
import type { LocalRecord } from '../core/list'
import { able, laidOver, missing, within, type Duty, type FulfilmentBody, type Leader } from './duty'

const subject = (posting_id: string) => ({ posting_id, name: posting_id, host_unit: null, due_on: '2026-12-31', owed: 1, done: 0 })
const TALK: Duty = {
  duty: 'heart_talk', title: '谈心谈话', holder: 'sending_unit', can_note: true, by: ['personnel'], by_words: '分管干部人事的同志', confidential: true,
  period: '2026Q4', period_words: '第四季度', due_on: '2026-12-31', owed: 2, done: 0, state: 'due', subjects: [subject('an'), subject('ding')],
}
const MISSED: Duty = { ...TALK, period: '2026Q3', period_words: '第三季度', due_on: '2026-09-30', state: 'overdue' }

function note(held_on: string, posting_ids: string[], more: Partial<LocalRecord<FulfilmentBody>> = {}): LocalRecord<FulfilmentBody> {
  const value = { duty: 'heart_talk', held_on, posting_ids } as FulfilmentBody
  return { value, if_match: null, delivered_at: null, ...more } as LocalRecord<FulfilmentBody>
}

const names = (duty: Duty) => missing(duty).map(one => one.name)

test.each([
  ['2026Q4', '2026-12-31', '2026-10-01', true], ['2026Q4', '2026-12-31', '2026-09-30', false], ['2026H2', '2026-12-31', '2026-07-01', true], ['2026H2', '2026-12-31', '2026-06-30', false],
  ['2026', '2026-12-31', '2026-01-01', true], ['2026', '2026-12-31', '2025-12-31', false], ['2026-11', '2026-11-30', '2026-11-01', true], ['2026-11', '2026-11-30', '2026-12-01', false], ['term', '2026-07-01', '2026-11-27', true],
])('of %s, due %s, the day %s is in it: %s', (period, due_on, held_on, expected) => {
  expect(within({ period, due_on }, held_on)).toBe(expected)
})

test('a note counts as soon as it was saved, for its own period alone', () => {
  const [missed, talk] = laidOver([MISSED, TALK], 100, [note('2026-09-10', ['an', 'ding'])])
  expect([missed!.done, missed!.state, names(missed!)]).toEqual([2, 'done', []])
  expect([talk!.done, talk!.state, names(talk!)]).toEqual([0, 'due', ['an', 'ding']])
})

test.each([
  [null, ['ding']], [101, ['ding']], [99, ['an', 'ding']],
])('asked at 100 and sent at %s, still missing are %j', (delivered_at, left) => {
  expect(names(laidOver([TALK], 100, [note('2026-11-27', ['an'], { delivered_at })])[0]!)).toEqual(left)
})

test('nobody is counted twice, and a correction waits for the server', () => {
  const twice = laidOver([TALK], 100, [note('2026-11-26', ['an']), note('2026-11-27', ['an'])])[0]!
  expect([twice.done, names(twice)]).toEqual([1, ['ding']])
  expect(laidOver([TALK], 100, [note('2026-11-27', ['an'], { if_match: 'before' })])[0]!.done).toBe(0)
})

const leader = (id: string, post: Leader['post'], left_on: string | null = null): Leader => ({ id, post, left_on, digest: '', sending_unit_id: '', name: id, title: '' })

test.each([
  [['personnel', 'business'], ['b', 'a']], [['principal'], []], [[], ['a', 'b']],
])('for %j able are %j', (by, expected) => {
  expect(able([leader('a', 'business'), leader('b', 'personnel'), leader('c', 'personnel', '2026-11-01')], by).map(one => one.id)).toEqual(expected)
})
