import type { Item, Out } from '../core/api'
import { isNewer, type LocalRecord } from '../core/list'
import { person } from '../core/person'
import type { Routes } from '../core/wire'
import { hostOf } from '../postings/mine'
import { CONSENT, faultOf, hasContact, holdsIdNumber, isTelephone, type Told } from './contact'

export type Issue = Item<'GET /api/issues'>
export type Detail = Out<'GET /api/issues/{id}'>
export type Action = NonNullable<Detail['actions']>[number]
export type IssueState = Issue['state']
export type IssueBody = Routes['PUT /api/issues/{id}']['body']
export type ActionBody = Routes['PUT /api/issue-actions/{id}']['body']

export interface Form extends Told {
  posting_id: string
  visit_id: string | null
  category: string
  photos: NonNullable<IssueBody['photos']>
}

/** How a form was opened: its draft, what stands in it at first, and what it corrects or waits for. */
export interface Opening { draftKey: string; fresh: () => Form; id?: string; correcting?: string; after?: string[] }

export const PATH = (id: string) => `/issues/${id}`
export const ACTION_PATH = (id: string) => `/issue-actions/${id}`

export function freshForm(inherited: Partial<Form> = {}): Form {
  return { posting_id: '', visit_id: null, category: '', what: '', more: '', place_words: '', name: '', phone: '', door: '', consent: false, photos: [], ...inherited }
}

/** What a body of this phone put into the form, for a correction. */
export function formOf(body: IssueBody): Form {
  const { posting_id, category, what, contact } = body
  const fresh = freshForm({ posting_id, category, what })
  return { ...fresh, visit_id: body.visit_id ?? null, more: body.more ?? '', place_words: body.place_words ?? '', photos: body.photos ?? [], name: contact?.name ?? '', phone: contact?.phone ?? '', door: contact?.door ?? '', consent: contact !== null && contact !== undefined }
}

export function bodyOf(form: Form): Omit<IssueBody, 'made_at' | 'seq' | 'salt'> {
  const { posting_id, visit_id, category, what, more, place_words, photos, name, phone, door } = form
  const contact = hasContact(form) ? { name: name.trim(), phone: phone.trim(), door: door.trim(), consent: true as const } : null
  return { posting_id, visit_id, category, what: what.trim(), more: more.trim(), place_words: place_words.trim(), contact, photos }
}

/** The sentence to show, or nothing when it can be saved. */
export function problemOf(form: Form): string | undefined {
  if (!form.category) return '请选择问题类别'
  if (form.what.trim().length < 2) return '请写一句是什么问题'
  return faultOf(form)
}

/** The label of the field that the sentence speaks of; the form is longer than a screen. */
export function fieldOf(form: Form): string {
  if (!form.category) return '搜索类别'
  if (form.what.trim().length < 2) return '是什么问题'
  const written = { 是什么问题: form.what, 补充说明: form.more, 在哪里: form.place_words, 称呼: form.name, 电话: form.phone, 门牌: form.door }
  const [id] = Object.entries(written).find(([, words]) => holdsIdNumber(words)) ?? []
  return id ?? (isTelephone(form.phone) ? CONSENT : '电话')
}

/** 3号楼 of 3号楼王阿姨: the place of a visit, never the person. */
export function placeOf(whom: string): string {
  return /^(?:[\dA-Za-z一二三四五六七八九十百东西南北]+(?:号楼|号院|单元|小区|楼|栋|幢|号|室|区|院|巷|路|街))+/.exec(whom.trim())?.[0] ?? ''
}

/** An issue of this phone as the server will show it, until it does. */
export function shown(record: LocalRecord<IssueBody>, server: Issue | undefined, names: Map<string, string> = new Map()): Issue {
  const { value } = record
  return {
    id: record.id, posting_id: value.posting_id, visit_id: value.visit_id ?? null, secretary: server?.secretary ?? { id: person.value?.id ?? '', name: person.value?.name ?? '' },
    host_unit: server?.host_unit ?? hostOf(value.posting_id) ?? { id: '', name: '' }, category: value.category, category_name: names.get(value.category) ?? (server?.category === value.category ? server.category_name : ''),
    what: value.what, more: value.more ?? '', place_words: value.place_words ?? '', state: server?.state ?? 'registered', has_contact: value.contact !== null && value.contact !== undefined,
    agenda: server?.agenda ?? false, made_at: server?.made_at ?? record.made_at, received_at: record.receipt?.received_at ?? '', due_on: server?.due_on ?? '', due_at: server?.due_at ?? '',
    due_words: server?.due_words ?? '', overdue: server?.overdue ?? false, labels: record.receipt?.labels ?? server?.labels ?? [], held_reason: record.receipt?.held_reason ?? null, returned: server?.returned ?? null,
    photos: (value.photos ?? []).map(photo => ({ id: photo.id, stage: photo.stage, state: 'awaited' })), digest: record.digest,
  }
}

/** A step of this phone as the server will show it. */
export function shownAction(record: LocalRecord<ActionBody>): Action {
  const { value } = record
  return {
    id: record.id, issue_id: value.issue_id, by: { id: person.value?.id ?? '', name: person.value?.name ?? '' }, note: value.note, state: value.state ?? null, agenda: value.agenda ?? false, made_at: record.made_at,
    received_at: record.receipt?.received_at ?? '', labels: record.receipt?.labels ?? [], held_reason: record.receipt?.held_reason ?? null, returned: null, digest: record.digest,
    photos: (value.photos ?? []).map(photo => ({ id: photo.id, stage: photo.stage, state: 'awaited' })),
  }
}

/** Steps the list or detail does not know yet, oldest first: not delivered, or delivered after it was loaded. Refused ones move nothing. */
export function fresher(actions: LocalRecord<ActionBody>[], asOf: number | null, refused: (path: string) => boolean = () => false): LocalRecord<ActionBody>[] {
  const newer = actions.filter(one => isNewer(one.delivered_at, asOf) && !refused(one.path) && !one.receipt?.held_reason)
  return newer.sort((a, b) => a.value.seq - b.value.seq)
}

/** The issue after these steps, given oldest first. */
export function after<T extends Issue>(issue: T, steps: LocalRecord<ActionBody>[]): T {
  const mine = steps.filter(one => one.value.issue_id === issue.id)
  if (!mine.length) return issue
  const moved = [...mine].reverse().find(one => one.value.state)
  return { ...issue, state: moved?.value.state ?? issue.state, agenda: issue.agenda || mine.some(one => one.value.agenda) }
}
