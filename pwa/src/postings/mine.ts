import type { Item } from '../core/api'
import { useHeld } from '../core/list'
import { person } from '../core/person'

export type Posting = Item<'GET /api/postings'>

/** The signed-in secretary's postings that take new records, from the cache when there is no signal. Nearly always one. */
export function useMyPostings(): Posting[] {
  const all = useHeld('GET /api/postings', { query: { state: 'active' } })
  return (all.data.value?.items ?? []).filter(posting => posting.secretary.id === person.value?.id)
}
