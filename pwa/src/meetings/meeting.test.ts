import { beforeEach, expect, test } from 'vitest'
import { person } from '../core/person'
import type { LocalRecord } from '../core/list'
import { AN } from '../core/testing'
import { after, bodyOf, fresher, freshForm, grouped, moveStart, problemOf, rosterOf, withCheckins, type ActionBody, type Attendance, type CheckinBody, type Do, type Meeting, type MeetingState } from './meeting'
import { lastOf } from './screen'
import { spanOf } from './words'

const MEETING = { id: 'm', kind: 'monthly_branch', title: '11月月例会', place_words: '', starts_at: '2026-11-22T01:00:00Z', ends_at: '2026-11-22T02:30:00Z', state: 'planned' } as Meeting
const action = (what: Do, made_at = '2026-11-22T01:00:00Z') => ({ path: `/meeting-actions/${what}`, made_at, delivered_at: null, value: { meeting_id: 'm', do: what } }) as unknown as LocalRecord<ActionBody>

beforeEach(() => { person.value = AN })

test.each<[MeetingState, Do[], MeetingState]>([
  ['planned', ['open'], 'open'],
  ['planned', ['open', 'close'], 'closed'],
  ['planned', ['cancel'], 'cancelled'],
  ['open', ['close'], 'closed'],
  ['open', ['open'], 'open'],
  ['closed', ['open'], 'closed'],
  ['cancelled', ['open'], 'cancelled'],
  ['planned', ['close'], 'planned'],
])('a meeting that is %s, after %j, is %s', (state, doing, then) => {
  expect(after({ ...MEETING, state }, doing.map(what => action(what))).state).toBe(then)
})

test('only what the server cannot know yet is laid over its answer, oldest first', () => {
  const records = [
    { ...action('close', '2026-11-22T03:00:00Z'), path: '/c' }, { ...action('open', '2026-11-22T01:00:00Z'), path: '/o' },
    { ...action('open'), path: '/old', delivered_at: 5 }, { ...action('open'), path: '/late', delivered_at: 15 }, { ...action('open'), path: '/refused' },
  ]
  expect(fresher(records, 10, path => path === '/refused').map(one => one.path)).toEqual(['/o', '/late', '/c'])
})

const ROSTER: Attendance = {
  expected: 3, present: 1,
  people: [
    { person: { id: 'an', name: '安宁' }, state: 'absent', way: null, at: null, labels: [] },
    { person: { id: 'ding', name: '丁一' }, state: 'present', way: 'tick', at: '2026-11-22T01:01:00Z', labels: [] },
    { person: { id: 'wen', name: '文静' }, state: 'provisional', way: 'scan', at: '2026-11-22T01:02:00Z', labels: ['offline'] },
  ],
  held: [{ checkin_id: 'c', person: { id: 'an', name: '安宁' }, held_reason: '…', at: '2026-11-22T00:50:00Z' }],
}
const checkin = (way: CheckinBody['way'], person_id: string | null, more: object = {}) => ({ made_at: '2026-11-22T01:05:00Z', receipt: null, value: { way, person_id, meeting_id: 'm' }, ...more }) as unknown as LocalRecord<CheckinBody>
const states = (attendance: Attendance) => attendance.people.map(one => one.state)

test('a tick counts at once, an undo takes it back, and the numbers follow', () => {
  const ticked = withCheckins(ROSTER, [checkin('tick', 'an')])
  expect(states(ticked)).toEqual(['present', 'present', 'provisional'])
  expect([ticked.present, ticked.held.length]).toEqual([3, 0])
  const undone = withCheckins(ROSTER, [checkin('tick', 'an'), checkin('undo', 'an'), checkin('undo', 'ding')])
  expect(states(undone)).toEqual(['absent', 'absent', 'provisional'])
  expect(undone.present).toBe(1)
})

test('a tick confirms who was provisional and keeps the time of the scan', () => {
  const [, , wen] = withCheckins(ROSTER, [checkin('tick', 'wen')]).people
  expect(wen).toMatchObject({ state: 'present', way: 'tick', at: '2026-11-22T01:02:00Z' })
})

test('an own scan is provisional until the server has spoken, and one that is held changes nothing', () => {
  expect(states(withCheckins(ROSTER, [checkin('scan', null)]))[0]).toBe('provisional')
  expect(states(withCheckins(ROSTER, [checkin('scan', null, { receipt: { held_reason: '不在名单上' } })]))[0]).toBe('absent')
})

test('who is not on the roster is not added by the phone', () => {
  expect(withCheckins(ROSTER, [checkin('tick', 'stranger')]).people).toHaveLength(3)
})

const at = (id: string, state: MeetingState, day: number) => ({ ...MEETING, id, state, starts_at: `2026-11-${day}T01:00:00Z` })

const member = (id: string, branch: string, posting_id: string | null = 'p') => ({ id, name: id, posting_id, branch: { id: branch, name: '' } }) as Parameters<typeof rosterOf>[0][number]

test('the roster of a meeting that only this phone knows is its branch, whoever serves in it', () => {
  const roster = rosterOf([member('an', 'b'), member('left', 'b', null), member('bai', 'other')], 'b')
  expect(roster).toMatchObject({ expected: 1, present: 0, people: [{ person: { id: 'an' }, state: 'absent' }] })
})

test('running first, then the next, then the past newest first', () => {
  const { running, coming, past } = grouped([at('far', 'planned', 29), at('old', 'closed', 10), at('now', 'open', 22), at('next', 'planned', 24), at('off', 'cancelled', 20)])
  expect([running, coming, past].map(list => list.map(one => one.id))).toEqual([['now'], ['next', 'far'], ['off', 'old']])
})

test('the screen names the five who came last, and nobody who is absent', () => {
  const many = Array.from({ length: 8 }, (_, i) => ({ person: { id: `p${i}`, name: `同志${i}` }, state: 'present' as const, way: 'scan' as const, at: `2026-11-22T01:0${i}:00Z`, labels: [] }))
  const last = lastOf({ ...ROSTER, people: [...ROSTER.people.slice(0, 1), ...many] })
  expect(last.map(one => one.name)).toEqual(['同志7', '同志6', '同志5', '同志4', '同志3'])
  expect(last[0]!.at).toBe('09:07')
  expect(lastOf(undefined)).toEqual([])
})

test('a meeting nobody named is called by its month and kind', () => {
  const form = { ...freshForm(Date.parse('2026-11-22T08:00:00Z')), place_words: ' 二楼会议室 ' }
  expect(bodyOf(form, '月例会')).toEqual({ kind: 'monthly_branch', title: '11月月例会', place_words: '二楼会议室', starts_at: '2026-11-23T01:00:00.000Z', ends_at: '2026-11-23T02:30:00.000Z' })
  expect(problemOf(form)).toBeUndefined()
})

test.each([
  ['no start', { starts: '' }, '请选择开始和结束时间'],
  ['an end before the start', { ends: '2026-11-22T09:00' }, '结束时间应晚于开始时间'],
  ['a name of one letter', { title: '会' }, '会议名称至少两个字，也可以不写'],
])('not saved with %s', (_, part, sentence) => {
  expect(problemOf({ ...freshForm(Date.parse('2026-11-22T08:00:00Z')), ...part })).toBe(sentence)
})

test('moving the start moves the end with it', () => {
  const form = freshForm(Date.parse('2026-11-22T08:00:00Z'))
  expect(moveStart(form, '2026-12-01T14:00')).toEqual({ starts: '2026-12-01T14:00', ends: '2026-12-01T15:30' })
})

test.each([
  ['2026-03-01T01:00:00Z', '2026-03-01T02:30:00Z', '2026年3月1日 09:00–10:30'],
  ['2026-03-01T15:00:00Z', '2026-03-01T17:00:00Z', '2026年3月1日 23:00–次日 01:00'],
  ['2026-03-01T15:00:00Z', '2026-03-03T02:00:00Z', '2026年3月1日 23:00–2026年3月3日 10:00'],
])('from %s to %s is %s', (starts_at, ends_at, words) => {
  expect(spanOf({ starts_at, ends_at })).toBe(words)
})
