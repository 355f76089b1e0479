import type { Item } from '../core/api'
import type { LocalRecord } from '../core/list'
import type { Routes } from '../core/wire'

export type Duty = Item<'GET /api/duties'>
export type Fulfilment = Item<'GET /api/fulfilments'>
export type Leader = Item<'GET /api/unit-leaders'>
export type FulfilmentBody = Routes['PUT /api/fulfilments/{id}']['body']
export type LeaderBody = Routes['PUT /api/unit-leaders/{id}']['body']
export interface Form { duty: string; posting_ids: string[]; held_on: string; leader_id: string | null; notes: string; photos: NonNullable<FulfilmentBody['photos']> }

export const PATH = (id: string) => `/fulfilments/${id}`
const SOON_DAYS = 14

/** Whom it is still missing for, without those already noted on this phone. */
export function missing(duty: Duty, local: LocalRecord<FulfilmentBody>[]): Duty['subjects'] {
  const noted = new Set(local.filter(one => one.delivered_at === null && one.value.duty === duty.duty).flatMap(one => one.value.posting_ids))
  return duty.subjects.filter(one => one.done < one.owed && one.posting_id !== null && !noted.has(one.posting_id))
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

/** The right rank first, and nobody who left; where no rank is asked for, everybody. */
export function able(leaders: Leader[], by: string[]): Leader[] {
  const here = leaders.filter(one => one.left_on === null)
  return by.length ? here.filter(one => by.includes(one.post)) : here
}

export function problemOf(form: Form, duty: Duty, today: string): string | undefined {
  if (!form.posting_ids.length) return '请选择是哪几位书记'
  if (!form.held_on) return '请选择日期'
  if (form.held_on > today) return '还没有到这一天，办过以后再记'
  return duty.by.length && !form.leader_id ? `请选择${duty.by_words}` : undefined
}
