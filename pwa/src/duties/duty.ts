import type { Item } from '../core/api'
import { isNewer, type LocalRecord } from '../core/list'
import type { Routes } from '../core/wire'

export type Duty = Item<'GET /api/duties'>
export type Fulfilment = Item<'GET /api/fulfilments'>
export type Leader = Item<'GET /api/unit-leaders'>
export type FulfilmentBody = Routes['PUT /api/fulfilments/{id}']['body']
export type LeaderBody = Routes['PUT /api/unit-leaders/{id}']['body']
export interface Form { duty: string; posting_ids: string[]; held_on: string; leader_id: string | null; notes: string; photos: NonNullable<FulfilmentBody['photos']> }

export const PATH = (id: string) => `/fulfilments/${id}`
const SOON_DAYS = 14

/** Duties with what this phone noted since the server told them (`asOf`): a note counts as soon as it was saved, for its own period alone, and
 * goes on counting after it was sent until the server says so itself. A correction waits for the server, which alone knows what it replaces. */
export function laidOver(duties: Duty[], asOf: number | null, local: LocalRecord<FulfilmentBody>[]): Duty[] {
  const newer = local.filter(one => one.if_match === null && isNewer(one.delivered_at, asOf))
  return duties.map(duty => newer.filter(({ value }) => value.duty === duty.duty && within(duty, value.held_on)).reduce((sum, { value }) => noted(sum, value.posting_ids), duty))
}

function noted(duty: Duty, ids: string[]): Duty {
  const isGained = (one: Duty['subjects'][number]) => one.done < one.owed && one.posting_id !== null && ids.includes(one.posting_id)
  const done = duty.done + duty.subjects.filter(isGained).length
  return { ...duty, done, state: done < duty.owed ? duty.state : 'done', subjects: duty.subjects.map(one => isGained(one) ? { ...one, done: one.done + 1 } : one) }
}

/** Whether a day counts for this period; what belongs to a term counts whenever it was done. */
export function within({ period, due_on }: Pick<Duty, 'period' | 'due_on'>, held_on: string): boolean {
  return period === 'term' || (startOf(period) <= held_on && held_on <= due_on)
}

/** 2026-11, 2026Q4, 2026H2, 2026: the first day. */
function startOf(period: string): string {
  const nth = Number(period.slice(5) || 1)
  const month = period[4] === 'Q' ? nth * 3 - 2 : period[4] === 'H' ? nth * 6 - 5 : nth
  return `${period.slice(0, 4)}-${String(month).padStart(2, '0')}-01`
}

/** Whom it is still missing for. */
export function missing(duty: Duty): Duty['subjects'] {
  return duty.subjects.filter(one => one.done < one.owed && one.posting_id !== null)
}

/** Of several periods of one duty (a missed one and this one) the newest is what a new note is for. */
export function newest(duties: Duty[], code: string): Duty | undefined {
  return duties.filter(one => one.duty === code).sort((a, b) => a.due_on < b.due_on ? 1 : -1)[0]
}

/** What has to be looked at now: overdue, or due within two weeks. */
export function pressing(duties: Duty[], today: string): Duty[] {
  const until = new Date(Date.parse(today) + SOON_DAYS * 86_400_000).toISOString().slice(0, 10)
  return duties.filter(one => one.state === 'overdue' || (one.state === 'due' && one.due_on <= until))
}

/** Nobody who left; of the right ranks, the one named first in the rule first. Where no rank is asked for, everybody. */
export function able(leaders: Leader[], by: string[]): Leader[] {
  const here = leaders.filter(one => one.left_on === null)
  return by.length ? here.filter(one => by.includes(one.post)).sort((a, b) => by.indexOf(a.post) - by.indexOf(b.post)) : here
}

export function problemOf(form: Form, duty: Duty, today: string): string | undefined {
  if (!form.posting_ids.length) return '请选择是哪几位书记'
  if (!form.held_on) return '请选择日期'
  if (form.held_on > today) return '还没有到这一天，办过以后再记'
  return duty.by.length && !form.leader_id ? `请选择${duty.by_words}` : undefined
}
