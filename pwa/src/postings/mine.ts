import type { Item } from '../core/api'
import { held, useHeld } from '../core/list'
import { person } from '../core/person'

export type Posting = Item<'GET /api/postings'>

/** The signed-in secretary's postings that take new records, from the cache when there is no signal. Nearly always one. */
export function useMyPostings(): Posting[] {
  const all = useHeld('GET /api/postings', { query: { state: 'active' } })
  return (all.data.value?.items ?? []).filter(posting => posting.secretary.id === person.value?.id)
}

/** The community or enterprise of an own posting, as far as this phone knows it. */
export function hostOf(postingId: string): Posting['host_unit'] | undefined {
  return held('GET /api/postings', { query: { state: 'active' } }).data.value?.items.find(posting => posting.id === postingId)?.host_unit
}

/** The branch of the signed-in person, as far as this phone knows it. */
export function branchOf(): Posting['branch'] | undefined {
  return held('GET /api/postings', { query: { state: 'active' } }).data.value?.items.find(posting => posting.secretary.id === person.value?.id)?.branch
}
