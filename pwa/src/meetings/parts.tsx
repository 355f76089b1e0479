import { time } from '../core/dates'
import { go } from '../core/router'
import { Cell, Cells, Fact, Facts, Icon, Mark, Strip, Tag } from '../core/ui'
import { progressOf } from '../core/waiting'
import { ownScan, resultOf } from './checkin'
import { PATH, type Meeting } from './meeting'
import { ResultCard } from './result'
import type { OneMeeting } from './use-meeting'
import { KIND_WORDS, spanOf, STATE_WORDS } from './words'

export const isUnsent = (path: string) => progressOf(path).state !== 'delivered'

export function MeetingFacts({ meeting, path }: { meeting: Meeting; path: string }) {
  return (
    <Facts>
      <Fact name="状态"><span class="tags"><Tag {...(meeting.state === 'open' ? { kind: 'red' } : {})}>{STATE_WORDS[meeting.state]}</Tag>{meeting.hosting && <Mark path={path} quiet />}</span></Fact>
      <Fact name="类型">{KIND_WORDS[meeting.kind]}</Fact>
      <Fact name="时间">{spanOf(meeting)}</Fact>
      <Fact name="地点">{meeting.place_words}</Fact>
      <Fact name="支部">{meeting.branch.name}</Fact>
      <Fact name="结束于">{meeting.state === 'closed' && meeting.ended_at && time(meeting.ended_at)}</Fact>
    </Facts>
  )
}

/** Anything the server refused, with the way out; else a lead would wonder why a tick does not count. */
export function Refusals({ found }: { found: OneMeeting }) {
  const paths = [...found.actions, ...found.checkins].map(one => one.path)
  if (found.meeting) paths.unshift(PATH(found.meeting.id))
  const refused = paths.map(path => progressOf(path)).find(one => one.state === 'needs_attention')
  return refused ? <Strip kind="bad" onClick={() => go('/me/waiting')}>需处理：{refused.row?.problem?.title}</Strip> : null
}

/** What the reader is to this meeting: signed in, waiting to be confirmed, or on the way to the scanner. */
export function Mine({ found, meeting }: { found: OneMeeting; meeting: Meeting }) {
  const scan = ownScan(found.checkins)
  const { mine } = meeting
  if (mine?.state === 'present') return <ResultCard result={{ kind: 'done', title: `您已签到 ${time(mine.at)}`, text: '' }} />
  if (scan) {
    const { state, row } = progressOf(scan.path)
    return <ResultCard result={resultOf(scan, { state, problem: row?.problem })} />
  }
  if (mine) return <ResultCard result={{ kind: 'held', title: `已收到 ${time(mine.at)} 的签到`, text: '等支部书记确认' }} />
  if (meeting.state !== 'open') return null
  return <Cells><Cell icon={<Icon name="scan" />} title="扫码签到" desc="扫会场屏幕上的二维码；扫不了可以请支部书记登记" to="/scan" /></Cells>
}

