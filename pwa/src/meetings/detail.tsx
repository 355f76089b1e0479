import { useEffect } from 'preact/hooks'
import { time } from '../core/dates'
import { useHeld } from '../core/list'
import { is } from '../core/person'
import { go } from '../core/router'
import { AsOf, BarButton, Button, Cell, Cells, choose, confirm, Empty, Fact, Facts, Icon, Loading, Mark, Page, Strip, Tag, toast } from '../core/ui'
import { progressOf } from '../core/waiting'
import { useAttendance } from './attendance'
import { ownScan, resultOf, saveAction } from './checkin'
import { forgetDisplays, keepKey } from './display'
import { MEMBERS } from './keep'
import { canDo, fresher, PATH, rosterOf, withCheckins, type Do, type Meeting } from './meeting'
import { ResultCard } from './result'
import { Roster } from './roster'
import { isRefused, useMeeting, type OneMeeting } from './use-meeting'
import { DO_WORDS, KIND_WORDS, spanOf, STATE_WORDS } from './words'
import './meetings.css'

export function MeetingPage({ id = '' }: { id?: string }) {
  const found = useMeeting(id)
  const { meeting, server, missing } = found
  const over = meeting?.state === 'closed' || meeting?.state === 'cancelled'
  useEffect(() => { if (over) void forgetDisplays(id) }, [over, id])
  if (!meeting) return <Page title="会议" up="/meetings">{missing ? <Empty title="没有这场会议" text="可能不是您支部的会议" /> : server.loading.value ? <Loading /> : <AsOf at={null} error={server.error.value} />}</Page>
  // While people come in the lead needs the names in sight, and nothing above them.
  const running = meeting.hosting && meeting.state === 'open'
  const right = meeting.hosting && !over && <BarButton label="更多" onClick={() => void more(found, meeting)}><Icon name="more" /></BarButton>
  return (
    <Page title="会议" up="/meetings" right={right} onRefresh={server.refresh} foot={meeting.hosting && !over && <Hosting found={found} meeting={meeting} />}>
      <Refusals paths={[PATH(id), ...found.actions.map(one => one.path), ...found.checkins.map(one => one.path)]} />
      <h2 class="meeting__title">{meeting.title}</h2>
      <Mine found={found} meeting={meeting} />
      {running && <Here found={found} meeting={meeting} />}
      <Cells {...(running ? { title: '会议信息' } : {})}><MeetingFacts meeting={meeting} path={found.actions.map(one => one.path).find(isUnsent) ?? PATH(id)} /></Cells>
      {!running && (meeting.hosting || is('organizer')) && <Here found={found} meeting={meeting} />}
      <AsOf at={server.asOf.value} error={server.error.value} />
    </Page>
  )
}

const isUnsent = (path: string) => progressOf(path).state !== 'delivered'

function MeetingFacts({ meeting, path }: { meeting: Meeting; path: string }) {
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
function Refusals({ paths }: { paths: string[] }) {
  const refused = paths.map(path => progressOf(path)).find(one => one.state === 'needs_attention')
  return refused ? <Strip kind="bad" onClick={() => go('/me/waiting')}>需处理：{refused.row?.problem?.title}</Strip> : null
}

/** What the reader is to this meeting: signed in, waiting to be confirmed, or on the way to the scanner. */
function Mine({ found, meeting }: { found: OneMeeting; meeting: Meeting }) {
  const scan = ownScan(found.checkins)
  const { mine } = meeting
  if (mine?.state === 'present') return <ResultCard result={{ kind: 'done', title: `您已签到 ${time(mine.at)}`, text: '' }} />
  if (scan) {
    const { state, row } = progressOf(scan.path)
    return <ResultCard result={resultOf(scan, { state, problem: row?.problem })} />
  }
  if (mine) return <ResultCard result={{ kind: 'held', title: `已收到 ${time(mine.at)} 的签到`, text: '等支部书记确认' }} />
  if (meeting.state !== 'open' || !is('secretary', 'branch_lead')) return null
  return <Cells><Cell icon={<Icon name="scan" />} title="扫一扫签到" desc="扫会场屏幕上的二维码；扫不了可以请支部书记登记" to="/scan" /></Cells>
}

function Here({ found, meeting }: { found: OneMeeting; meeting: Meeting }) {
  const unsent = meeting.received_at === ''
  const one = useAttendance(meeting.id, !unsent, meeting.state === 'open' ? 3_000 : 60_000)
  const members = useHeld('GET /api/people', { query: MEMBERS }, unsent)
  const known = one.data.value ?? (unsent && members.data.value ? rosterOf(members.data.value.items, meeting.branch.id) : undefined)
  const attendance = known && withCheckins(known, fresher(found.checkins, one.asOf.value, isRefused))
  if (!attendance) return one.error.value ? <AsOf at={null} error={`名单没有取到：${one.error.value}`} /> : null
  return <Roster meeting={meeting} attendance={attendance} asOf={one.asOf.value} earlier={found.actions.map(each => each.path)} unsent={unsentOf(found)} />
}

/** By person: the path of the lead's newest tick or undo that is still on this phone. */
function unsentOf(found: OneMeeting): Map<string, string> {
  return new Map(found.checkins.filter(one => one.delivered_at === null && one.value.person_id).map(one => [one.value.person_id!, one.path]))
}

function Hosting({ found, meeting }: { found: OneMeeting; meeting: Meeting }) {
  const act = async (what: Do) => {
    if (what === 'close' && !await confirm({ title: '结束会议？', text: '结束后不能再签到。没有到的同志记为未到。', yes: '结束会议' })) return
    const { path } = await saveAction(meeting, what, found.actions.map(one => one.path))
    if (what === 'open') void keepKey(meeting, [path])
    toast(what === 'open' ? '已开始，可以签到了' : '会议已结束', 'done')
  }
  if (canDo(meeting.state, 'open')) return <Button onClick={() => act('open')}>{DO_WORDS.open}</Button>
  return <><Button kind="default" onClick={() => act('close')}>{DO_WORDS.close}</Button><Button onClick={() => go(`${PATH(meeting.id)}/screen`)}>大屏二维码</Button></>
}

async function more(found: OneMeeting, meeting: Meeting): Promise<void> {
  const choice = await choose([
    { value: 'correct' as const, words: '更改时间、地点、名称' },
    { value: 'screen' as const, words: '大屏二维码' },
    { value: 'cancel' as const, words: DO_WORDS.cancel, danger: true },
  ], meeting.title)
  if (choice === 'correct') go(`${PATH(meeting.id)}/correct`)
  if (choice === 'screen') go(`${PATH(meeting.id)}/screen`)
  if (choice !== 'cancel' || !await confirm({ title: '取消会议？', text: '已发出的提醒会标为过期，取消后不能恢复。', yes: '取消会议', no: '不取消', danger: true })) return
  try {
    await saveAction(meeting, 'cancel', found.actions.map(one => one.path))
    toast('会议已取消，联网后通知到会同志')
  } catch (error) {
    toast((error as Error).message, 'warn')
  }
}
