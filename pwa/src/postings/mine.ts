import type { Item } from '../core/api'
import { held, useHeld } from '../core/list'
import { person } from '../core/person'

export type Posting = Item<'GET /api/postings'>

/** What to ask for: the own postings alone. A branch lead reads a whole branch, and the own posting may stand on any page of it. */
export function mine() {
  return { query: { state: 'active' as const, secretary_id: person.value?.id ?? '' } }
}

/** The signed-in secretary's postings that take new records, from the cache when there is no signal. Nearly always one. */
export function useMyPostings(): Posting[] {
  return useHeld('GET /api/postings', mine()).data.value?.items ?? []
}

/** Why nothing can be filed: there is no posting, or this phone never heard of it. */
export function whyNoPosting(): string {
  const unknown = held('GET /api/postings', mine()).asOf.value === null
  return `${unknown ? '还没有取到您的任职信息，请连上网络打开一次再保存' : '您目前没有在任的选派，不能保存，请联系组织部门'}；填写的内容已存为草稿`
}

/** The community or enterprise of an own posting, as far as this phone knows it. */
export function hostOf(postingId: string): Posting['host_unit'] | undefined {
  return held('GET /api/postings', mine()).data.value?.items.find(posting => posting.id === postingId)?.host_unit
}

/** The branch of the signed-in person, as far as this phone knows it. */
export function branchOf(): Posting['branch'] | undefined {
  return held('GET /api/postings', mine()).data.value?.items[0]?.branch
}
