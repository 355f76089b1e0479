import { useEffect } from 'preact/hooks'
import { useHeld } from '../core/list'
import { is } from '../core/person'
import { go } from '../core/router'
import { AsOf, BarButton, Button, Cells, choose, confirm, Icon, Page, toast } from '../core/ui'
import { useAttendance } from './attendance'
import { saveAction } from './checkin'
import { forgetDisplays, keepKey } from './display'
import { MEMBERS } from './keep'
import { canDo, fresher, PATH, rosterOf, withCheckins, type Do, type Meeting } from './meeting'
import { isUnsent, MeetingFacts, Mine, Refusals } from './parts'
import { Roster } from './roster'
import { isRefused, type OneMeeting } from './use-meeting'
import { DO_WORDS } from './words'

/** The same meeting for those who hold it or look after it: who is here, and what can be done. Its code comes when it is opened. */
export default function HallPage({ found, meeting }: { found: OneMeeting; meeting: Meeting }) {
  const { id } = meeting
  const over = meeting.state === 'closed' || meeting.state === 'cancelled'
  useEffect(() => { if (over) void forgetDisplays(id) }, [over, id])
  // While people come in the lead needs the names in sight, and nothing above them.
  const running = meeting.hosting && meeting.state === 'open'
  const right = meeting.hosting && !over && <BarButton label="更多" onClick={() => void more(found, meeting)}><Icon name="more" /></BarButton>
  return (
    <Page title="会议" up="/meetings" right={right} onRefresh={found.server.refresh} foot={meeting.hosting && !over && <Hosting found={found} meeting={meeting} />}>
      <Refusals found={found} />
      <h2 class="meeting__title">{meeting.title}</h2>
      {is('secretary', 'branch_lead') && <Mine found={found} meeting={meeting} />}
      {running && <Here found={found} meeting={meeting} />}
      <Cells {...(running ? { title: '会议信息' } : {})}><MeetingFacts meeting={meeting} path={found.actions.map(one => one.path).find(isUnsent) ?? PATH(id)} /></Cells>
      {!running && meeting.state !== 'cancelled' && <Here found={found} meeting={meeting} />}
      <AsOf at={found.server.asOf.value} error={found.server.error.value} />
    </Page>
  )
}

function Here({ found, meeting }: { found: OneMeeting; meeting: Meeting }) {
  const unsent = meeting.received_at === ''
  const one = useAttendance(meeting.id, !unsent, meeting.state === 'open' ? 3_000 : 60_000)
  // Called just now, and then the signal went: until its roster was seen once, the branch is the roster.
  const guess = meeting.hosting && (unsent || one.error.value !== null)
  const members = useHeld('GET /api/people', { query: MEMBERS }, guess)
  const known = one.data.value ?? (guess && members.data.value ? rosterOf(members.data.value.items, meeting.branch.id) : undefined)
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
