import { useComputed } from '@preact/signals'
import { held, isNewer, useHeld, useLocal, useOverlay, type Held, type LocalRecord } from '../core/list'
import { usePages, type Pages } from '../core/pages'
import { progressOf } from '../core/waiting'
import { myPosting } from '../postings/mine'
import { after, fresher, PATH, shown, type ActionBody, type CheckinBody, type Meeting, type MeetingBody } from './meeting'

export interface OneMeeting {
  meeting: Meeting | undefined
  server: Held<Meeting>
  missing: boolean
  /** This phone's own check-ins and actions on it, oldest first. */
  checkins: LocalRecord<CheckinBody>[]
  actions: LocalRecord<ActionBody>[]
}

/** One meeting as this phone knows it: the server's answer (or the list's), with what was done here since laid over it. */
export function useMeeting(id: string): OneMeeting {
  const unsent = progressOf(PATH(id)).state !== 'delivered'
  const server = useHeld('GET /api/meetings/{id}', { path: { id } }, !unsent)
  const list = held('GET /api/meetings', { query: {} })
  const local = useLocal<MeetingBody>('meetings', id)
  const actions = useLocal<ActionBody>('meeting-actions', id)
  const checkins = useLocal<CheckinBody>('checkins', id)
  const record = local.value?.[0]
  const known = server.data.value ?? list.data.value?.items.find(one => one.id === id)
  const asOf = server.asOf.value ?? list.asOf.value
  const newer = record && isNewer(record.delivered_at, asOf)
  const base = newer ? shown(record, known, myPosting()?.branch) : known
  const mine = actions.value ?? []
  return { meeting: base && after(base, fresher(mine, asOf, isRefused)), server, missing: server.missing.value && local.value !== undefined, checkins: [...checkins.value ?? []].reverse(), actions: [...mine].reverse() }
}

/** Meetings within reach, this phone's own among them. The query is empty on purpose: with a date in it every morning would begin without a cached list. */
export function useMeetings(): { pages: Pages<Meeting>; items: Meeting[] } {
  const pages = usePages('GET /api/meetings', {})
  const local = useLocal<MeetingBody>('meetings')
  const actions = useLocal<ActionBody>('meeting-actions')
  const laid = useOverlay(pages, local, (record, server) => shown(record, server, myPosting()?.branch))
  const items = useComputed(() => {
    const newer = fresher(actions.value ?? [], pages.asOf.value, isRefused)
    return laid.value.map(meeting => after(meeting, newer))
  })
  return { pages, items: items.value }
}

/** The server refused it: it waits for the person's decision and changes nothing. */
export function isRefused(path: string): boolean {
  return progressOf(path).state === 'needs_attention'
}
