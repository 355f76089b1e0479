import type { Item, Out } from '../core/api'
import { fromInput, toInput } from '../core/dates'
import { isNewer, type LocalRecord } from '../core/list'
import { person } from '../core/person'
import type { Routes } from '../core/wire'

export type Meeting = Item<'GET /api/meetings'>
export type MeetingState = Meeting['state']
export type Do = 'open' | 'close' | 'cancel'
export type MeetingBody = Routes['PUT /api/meetings/{id}']['body']
export type ActionBody = Routes['PUT /api/meeting-actions/{id}']['body']
export type CheckinBody = Routes['PUT /api/checkins/{id}']['body']
export type Attendance = Out<'GET /api/meetings/{id}/attendance'>
export type Expected = Attendance['people'][number]

export const PATH = (id: string) => `/meetings/${id}`

export interface Form { kind: MeetingBody['kind']; title: string; place_words: string; starts: string; ends: string }

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Tomorrow at nine, an hour and a half: near enough to be changed by one tap. */
export function freshForm(now: number): Form {
  const day = toInput(now + DAY_MS).slice(0, 10)
  return { kind: 'monthly_branch', title: '', place_words: '', starts: `${day}T09:00`, ends: `${day}T10:30` }
}

export function formOf(meeting: Pick<Meeting, 'kind' | 'title' | 'place_words' | 'starts_at' | 'ends_at'>): Form {
  return { kind: meeting.kind, title: meeting.title, place_words: meeting.place_words, starts: toInput(meeting.starts_at), ends: toInput(meeting.ends_at) }
}

export function bodyOf(form: Form, kindWords: string): Omit<MeetingBody, 'made_at' | 'seq' | 'salt'> {
  return { kind: form.kind, title: form.title.trim() || titleOf(form, kindWords), place_words: form.place_words.trim(), starts_at: fromInput(form.starts)!, ends_at: fromInput(form.ends)! }
}

/** 11月月例会: what the meeting is called when nobody writes a name. */
export function titleOf(form: Form, kindWords: string): string {
  return `${Number(form.starts.slice(5, 7)) || ''}月${kindWords}`
}

export function problemOf(form: Form): string | undefined {
  if (!form.starts || !form.ends) return '请选择开始和结束时间'
  if (form.ends <= form.starts) return '结束时间应晚于开始时间'
  return form.title.trim().length === 1 ? '会议名称至少两个字，也可以不写' : undefined
}

/** A later end follows when the start is moved past it, keeping the length. */
export function moveStart(form: Form, starts: string): Partial<Form> {
  const from = fromInput(form.starts)
  const until = fromInput(form.ends)
  const to = fromInput(starts)
  if (!from || !until || !to) return { starts }
  return { starts, ends: toInput(Date.parse(to) + Math.max(Date.parse(until) - Date.parse(from), HOUR_MS / 2)) }
}

/** A meeting of this phone as the server will show it, until it does. */
export function shown(record: LocalRecord<MeetingBody>, server: Meeting | undefined, branch: Meeting['branch'] = { id: '', name: '' }): Meeting {
  const { kind, title, starts_at, ends_at } = record.value
  const fresh: Meeting = {
    id: record.id, kind, title, place_words: record.value.place_words ?? '', branch, starts_at, ends_at, state: 'planned', opened_at: null, ended_at: null, expected: 0, present: 0, mine: null,
    hosting: true, code: '', made_at: record.made_at, received_at: record.receipt?.received_at ?? '', labels: record.receipt?.labels ?? [], digest: record.digest,
  }
  return server ? { ...server, kind, title, place_words: fresh.place_words, starts_at, ends_at, digest: record.digest } : fresh
}

// The same table as the server's: what an action comes to.
const MOVES: Partial<Record<`${MeetingState} ${Do}`, MeetingState>> = { 'planned open': 'open', 'planned cancel': 'cancelled', 'open close': 'closed', 'open cancel': 'cancelled' }

export function canDo(state: MeetingState, what: Do): boolean {
  return MOVES[`${state} ${what}`] !== undefined
}

/** What the server does not know yet: not delivered, or delivered after it was asked. */
export function fresher<B>(records: LocalRecord<B>[], asOf: number | null, refused: (path: string) => boolean): LocalRecord<B>[] {
  return records.filter(one => isNewer(one.delivered_at, asOf) && !refused(one.path)).sort((a, b) => Date.parse(a.made_at) - Date.parse(b.made_at))
}

/** The meeting after these actions, in the order they were done. */
export function after(meeting: Meeting, actions: LocalRecord<ActionBody>[]): Meeting {
  const states = actions.filter(one => one.value.meeting_id === meeting.id)
  let { state } = meeting
  for (const { value } of states) state = MOVES[`${state} ${value.do}`] ?? state
  return state === meeting.state ? meeting : { ...meeting, state }
}

/** The roster with this phone's ticks, undos and own scan laid over it. */
export function withCheckins(attendance: Attendance, checkins: LocalRecord<CheckinBody>[]): Attendance {
  if (!checkins.length) return attendance
  const seats = new Map(attendance.people.map(one => [one.person.id, one]))
  for (const { value, made_at, receipt } of checkins) {
    const seat = seats.get(value.person_id ?? person.value?.id ?? '')
    if (!seat || receipt?.held_reason) continue
    if (value.way === 'undo') seats.set(seat.person.id, { ...seat, state: 'absent', way: null, at: null, labels: [] })
    else if (seat.state !== 'present') seats.set(seat.person.id, { ...seat, state: value.way === 'scan' ? 'provisional' : 'present', way: value.way, at: seat.at ?? made_at })
  }
  const people = [...seats.values()]
  const here = new Set(people.filter(one => one.state !== 'absent').map(one => one.person.id))
  return { ...attendance, people, present: here.size, held: attendance.held.filter(one => !here.has(one.person.id)) }
}

/** Who will be expected at a meeting the server has not heard of yet: those who serve in the branch, as far as this phone knows them. */
export function rosterOf(members: Item<'GET /api/people'>[], branchId: string): Attendance {
  const people = members.filter(one => one.posting_id && one.branch?.id === branchId).map(({ id, name }): Expected => ({ person: { id, name }, state: 'absent', way: null, at: null, labels: [] }))
  return { expected: people.length, present: 0, people, held: [] }
}

export interface Groups { running: Meeting[]; coming: Meeting[]; past: Meeting[] }

/** Running first, then what comes next, then what was, newest first. */
export function grouped(meetings: Meeting[]): Groups {
  const at = (one: Meeting) => Date.parse(one.starts_at)
  return {
    running: meetings.filter(one => one.state === 'open'),
    coming: meetings.filter(one => one.state === 'planned').sort((a, b) => at(a) - at(b)),
    past: meetings.filter(one => one.state === 'closed' || one.state === 'cancelled').sort((a, b) => at(b) - at(a)),
  }
}
