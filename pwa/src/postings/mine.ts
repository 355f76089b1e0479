import { person, type Person } from '../core/person'

/** Where the signed-in secretary serves; told with the sign-in itself, so that nothing else is needed before the first save. */
export type MyPosting = NonNullable<Person['posting']>

export const NO_POSTING = '您目前没有在任的选派，不能保存，请联系组织部门；填写的内容会留作草稿'

export function myPosting(): MyPosting | null {
  return person.value?.posting ?? null
}

/** The community or enterprise of an own posting, as far as this phone knows it. */
export function hostOf(postingId: string): MyPosting['host_unit'] | undefined {
  const posting = myPosting()
  return posting?.id === postingId ? posting.host_unit : undefined
}
