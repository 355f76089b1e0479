import type { Out } from '../core/api'
import { held, useHeld, type Held } from '../core/list'

type Catalogue = Out<'GET /api/categories'>
export type Group = Catalogue['items'][number]
export type Kind = Group['children'][number]

/** Where a kind goes that fits nothing; also what a phone takes that never saw the list. */
export const OTHER: Kind = { code: '9901', name: '其他' }
export const RECENTS = 4

export function useCategories(): Held<Catalogue> {
  return useHeld('GET /api/categories')
}

/** Kept for the first stairwell without signal. */
export function keepCategories(): Promise<void> {
  return held('GET /api/categories').refresh()
}

export function namesOf(groups: Group[]): Map<string, string> {
  return new Map(groups.flatMap(group => group.children.map(kind => [kind.code, kind.name])))
}

/** 停车交通 · 停车难 */
export function fullName(groups: Group[], code: string): string {
  const group = groups.find(one => one.children.some(kind => kind.code === code))
  const kind = group?.children.find(one => one.code === code)
  return group && kind ? group.name === kind.name ? kind.name : `${group.name} · ${kind.name}` : ''
}

/** What this person filed last comes first: most of a community's matters are of a few kinds. */
export function recentsOf(filed: string[], groups: Group[], most: number = RECENTS): Kind[] {
  const known = namesOf(groups)
  return [...new Set(filed)].filter(code => known.has(code)).slice(0, most).map(code => ({ code, name: known.get(code)! }))
}

/** Kinds whose own or group's name holds the words; own names first. */
export function search(groups: Group[], words: string): Kind[] {
  const wanted = words.replace(/\s/g, '')
  if (!wanted) return []
  const own = groups.flatMap(group => group.children.filter(kind => kind.name.includes(wanted)))
  const others = groups.filter(group => group.name.includes(wanted)).flatMap(group => group.children).filter(kind => !own.includes(kind))
  return [...own, ...others]
}
