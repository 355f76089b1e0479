import { lastSeen, type LocalRecord } from '../core/list'
import { time } from '../core/dates'
import { uuid7 } from '../core/ids'
import { person } from '../core/person'
import { save } from '../core/save'
import type { StoredRecord } from '../core/db'
import type { State } from '../core/outbox'
import type { ProblemBody } from '../core/api'
import type { Receipt, Routes } from '../core/wire'
import type { Code } from './code'
import { PATH, type CheckinBody, type Do, type Meeting } from './meeting'
import { DO_WORDS } from './words'

export type CheckinReceipt = Routes['PUT /api/checkins/{id}']['out']

/** The meeting that a code names, if this phone knows it. Without it the server finds it. */
export async function meetingOf(code: Code): Promise<Meeting | undefined> {
  const list = await lastSeen('GET /api/meetings', { query: {} }).catch(() => undefined)
  return list?.items.find(meeting => meeting.code === code.meeting)
}

/** A member's own scan. A claim says that the server saw the code while it was fresh. */
export async function saveScan(code: Code, claim?: { claim: string; meeting: { id: string; title: string } }): Promise<StoredRecord> {
  const meeting = claim?.meeting ?? await meetingOf(code)
  return save('PUT /api/checkins/{id}', {
    id: uuid7(), words: `签到 · ${meeting?.title ?? '会议'}`, ...(meeting ? { about: meeting.id } : {}),
    body: { meeting_id: meeting?.id ?? null, way: 'scan', code: code.text, person_id: null, claim: claim?.claim ?? null },
  })
}

/** The lead's roll call, and taking it back; each tap is an event of its own. */
export function saveTick(meeting: Meeting, who: { id: string; name: string }, way: 'tick' | 'undo', earlier: string[]): Promise<StoredRecord> {
  return save('PUT /api/checkins/{id}', {
    id: uuid7(), about: meeting.id, after: [PATH(meeting.id), ...earlier], words: `${way === 'tick' ? '登记到会' : '撤回登记'} · ${who.name}`,
    body: { meeting_id: meeting.id, way, person_id: who.id, code: null, claim: null },
  })
}

/** Open, close, cancel. `earlier`: paths of what was done before on this phone, so that it arrives in that order. */
export function saveAction(meeting: Meeting, what: Do, earlier: string[]): Promise<StoredRecord> {
  return save('PUT /api/meeting-actions/{id}', { id: uuid7(), about: meeting.id, after: [PATH(meeting.id), ...earlier], body: { meeting_id: meeting.id, do: what }, words: `${DO_WORDS[what]} · ${meeting.title}` })
}

export interface Result { kind: 'wait' | 'done' | 'held' | 'again' | 'refused'; title: string; text: string }

/** What became of an own check-in, in words. Green only after the server's receipt says that it counts. */
export function resultOf(record: { made_at: string; receipt: Receipt | null }, progress: { state: State; problem?: ProblemBody | null | undefined }): Result {
  const receipt = record.receipt as CheckinReceipt | null
  if (receipt?.state === 'held') return { kind: 'held', title: '已收到，待确认', text: receipt.held_reason ?? '等支部书记确认' }
  if (receipt) return counted(receipt, record.made_at)
  if (progress.state === 'needs_attention') return refused(progress.problem)
  if (progress.state === 'paused') return { kind: 'wait', title: '已存本机，待送达', text: '登录已过期，重新登录后自动送达' }
  if (progress.state === 'sending') return { kind: 'wait', title: '已存本机，正在送达', text: `${time(record.made_at)} 扫码` }
  return { kind: 'wait', title: '已存本机，待送达', text: `${time(record.made_at)} 扫码。没有网络也不要紧，联网后自动送达，按扫码时间算` }
}

function counted(receipt: CheckinReceipt, madeAt: string): Result {
  const at = time(receipt.at ?? madeAt)
  if (receipt.labels.includes('offline')) return { kind: 'held', title: `已送达，${at} 签到`, text: '离线签到，等支部书记确认' }
  return { kind: 'done', title: `您已签到 ${at}`, text: receipt.already ? '之前已经签到，不用重复' : '' }
}

function refused(problem: ProblemBody | null | undefined): Result {
  if (problem?.type === 'code_expired') return { kind: 'again', title: '二维码已刷新', text: '请对准屏幕再扫一次' }
  return { kind: 'refused', title: '没有签到成功', text: `${problem?.title ?? '服务器没有收下'}；可以再扫一次，或请支部书记登记到会` }
}

/** The signed-in person's own scan among the check-ins of a meeting, the newest. */
export function ownScan(checkins: LocalRecord<CheckinBody>[]): LocalRecord<CheckinBody> | undefined {
  return [...checkins].reverse().find(one => one.value.way === 'scan' && (!one.value.person_id || one.value.person_id === person.value?.id))
}
