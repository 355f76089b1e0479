import type { Item } from '../core/api'
import type { LocalRecord } from '../core/list'
import { person } from '../core/person'
import type { Routes } from '../core/wire'
import { hostOf } from '../postings/mine'

export type Visit = Item<'GET /api/visits'>
export type VisitBody = Routes['PUT /api/visits/{id}']['body']
export type Form = Required<Pick<VisitBody, 'kind' | 'posting_id' | 'whom' | 'households' | 'said' | 'started_at' | 'ended_at' | 'place' | 'revisit_on' | 'photos'>>

export const PATH = (id: string) => `/visits/${id}`
export const VOID_PATH = (id: string) => `${PATH(id)}/void`

export function freshForm(): Form {
  return { posting_id: '', kind: 'household', whom: '', households: null, said: '', started_at: null, ended_at: null, place: null, revisit_on: null, photos: [] }
}

/** A visit of this phone as the server will show it, until it does. */
export function shown(record: LocalRecord<VisitBody>, server: Visit | undefined): Visit {
  const { value } = record
  return {
    id: record.id, posting_id: value.posting_id, secretary: server?.secretary ?? { id: person.value?.id ?? '', name: person.value?.name ?? '' }, host_unit: server?.host_unit ?? hostOf(value.posting_id) ?? { id: '', name: '' },
    kind: value.kind, whom: value.whom ?? '', households: value.households ?? null, said: value.said ?? '', started_at: value.started_at ?? null, ended_at: value.ended_at ?? null,
    place: server?.place ?? null, revisit_on: value.revisit_on ?? null, made_at: server?.made_at ?? record.made_at, received_at: record.receipt?.received_at ?? '', labels: record.receipt?.labels ?? server?.labels ?? [],
    state: record.receipt?.state ?? 'stored', held_reason: record.receipt?.held_reason ?? null, returned: server?.returned ?? null, voided: server?.voided ?? false, void_reason: server?.void_reason ?? null,
    photos: (value.photos ?? []).map(photo => ({ id: photo.id, stage: photo.stage, state: 'awaited' })), digest: record.digest,
  }
}

/** The sentence to show, or nothing when it can be saved. Little is asked: a visit is a note, not a form. */
export function problemOf(form: Form): string | undefined {
  if (!form.whom.trim() && !form.said.trim()) return '请写下走访了谁，或者说了什么'
  if (form.households !== null && (form.households < 1 || form.households > 9999)) return '户数请填 1 到 9999'
  if (form.started_at && form.ended_at && form.ended_at < form.started_at) return '结束时间早于开始时间，请核对'
  return undefined
}
