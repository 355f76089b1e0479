import { isNewer, useHeld, useLocal, type LocalRecord } from '../core/list'
import type { Leader, LeaderBody } from './duty'

/** Leaders of the own unit, this phone's own among them; undefined until something is known. */
export function useLeaders(): Leader[] | undefined {
  const server = useHeld('GET /api/unit-leaders')
  const local = useLocal<LeaderBody>('unit-leaders')
  if (!local.value || (!server.data.value && server.error.value === null)) return undefined
  const newer = local.value.filter(one => isNewer(one.delivered_at, server.asOf.value))
  const ids = new Set(newer.map(one => one.id))
  return [...newer.map(shownLeader), ...(server.data.value?.items ?? []).filter(one => !ids.has(one.id))]
}

export function shownLeader({ id, digest, value }: LocalRecord<LeaderBody>): Leader {
  return { id, digest, sending_unit_id: value.sending_unit_id, name: value.name, title: value.title ?? '', post: value.post, left_on: value.left_on ?? null }
}
