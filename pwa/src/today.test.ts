import { expect, test } from 'vitest'
import type { Issue } from './issues/issue'
import type { Meeting } from './meetings/meeting'
import { byDue, dueAgain, nextMeeting } from './today'
import type { Visit } from './visits/visit'

const meeting = (id: string, state: Meeting['state'], starts_at: string, ends_at: string) => ({ id, state, starts_at, ends_at }) as Meeting
const issue = (id: string, due_on: string, state = 'registered') => ({ id, due_on, state }) as Issue
const NOW = Date.parse('2026-11-22T08:00:00Z')

test.each<[string, Meeting[], string | undefined]>([
  ['the soonest of those to come', [meeting('b', 'planned', '2026-11-24T01:00:00Z', '2026-11-24T03:00:00Z'), meeting('a', 'planned', '2026-11-23T01:00:00Z', '2026-11-23T03:00:00Z')], 'a'],
  ['one that runs comes before one that is sooner', [meeting('a', 'planned', '2026-11-22T08:30:00Z', '2026-11-22T09:00:00Z'), meeting('b', 'open', '2026-11-22T09:00:00Z', '2026-11-22T10:00:00Z')], 'b'],
  ['one that overruns is still the one', [meeting('a', 'open', '2026-11-22T05:00:00Z', '2026-11-22T07:00:00Z')], 'a'],
  ['not opened yet though it should have begun', [meeting('a', 'planned', '2026-11-22T07:30:00Z', '2026-11-22T09:00:00Z')], 'a'],
  ['over, closed or called off is not next', [meeting('a', 'planned', '2026-11-22T05:00:00Z', '2026-11-22T07:00:00Z'), meeting('b', 'closed', '2026-11-22T07:00:00Z', '2026-11-22T09:00:00Z'), meeting('c', 'cancelled', '2026-11-23T07:00:00Z', '2026-11-23T09:00:00Z')], undefined],
])('next meeting: %s', (_, meetings, id) => {
  expect(nextMeeting(meetings, NOW)?.id).toBe(id)
})

test('what is due soonest stands first, what the server has not dated yet last, what is resolved not at all', () => {
  expect(byDue([issue('c', ''), issue('b', '2026-11-27'), issue('x', '2026-11-20', 'resolved'), issue('a', '2026-11-25')]).map(one => one.id)).toEqual(['a', 'b', 'c'])
})

const visited = (id: string, revisit_on: string | null, whom = id, made_at = '2026-11-01T02:00:00Z', voided = false) => ({ id, whom, revisit_on, made_at, voided }) as Visit

test('who was to be visited again by today stands on 今天 until that is done, taken back or a week old', () => {
  const visits = [visited('today', '2026-11-22'), visited('late', '2026-11-18'), visited('ahead', '2026-11-23'), visited('old', '2026-11-10'), visited('none', null), visited('void', '2026-11-22', 'void', '2026-11-01T02:00:00Z', true), visited('done', '2026-11-22'), visited('again', null, 'done', '2026-11-21T02:00:00Z')]
  expect(dueAgain(visits, NOW).map(one => one.id)).toEqual(['today', 'late'])
})
