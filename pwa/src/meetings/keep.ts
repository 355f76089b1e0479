import { serverNow } from '../core/clock'
import { held, lastSeen } from '../core/list'
import { is } from '../core/person'

const AHEAD_MS = 2 * 86_400_000
/** The branch by name; one page of it holds every branch there is. */
export const MEMBERS = { limit: 100 }

/** The rosters of meetings that the lead will hold soon are kept on the phone: a hall may have no signal. */
export async function keepRosters(): Promise<void> {
  const list = await lastSeen('GET /api/meetings', { query: {} })
  const soon = (list?.items ?? []).filter(one => one.hosting && (one.state === 'open' || (one.state === 'planned' && Date.parse(one.starts_at) - serverNow() < AHEAD_MS)))
  if (is('branch_lead')) await held('GET /api/people', { query: MEMBERS }).refresh()
  for (const meeting of soon) await held('GET /api/meetings/{id}/attendance', { path: { id: meeting.id } }).refresh()
}
