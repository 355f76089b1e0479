import { useEffect } from 'preact/hooks'
import { useSignal } from '@preact/signals'
import type { Item } from './core/api'
import { serverNow } from './core/clock'
import { ago, dayNumber, dayTime, shortDay, time } from './core/dates'
import { useHeld, type Held } from './core/list'
import { is, person } from './core/person'
import { go } from './core/router'
import { AsOf, Button, Cell, Cells, Icon, Mark, Page, Strip, Tag } from './core/ui'
import { badges } from './core/ui/shell'
import { rows, waiting, words } from './core/waiting'
import { PlusButton } from './plus'

type Issue = Item<'GET /api/issues'>
type Meeting = Item<'GET /api/meetings'>

const BEFORE_MS = 30 * 60_000
const MOST_DUE = 5

/** 今天 answers, in this order: what is next, what is due, what waits to be sent. */
export function Today() {
  const everyday = is('secretary', 'branch_lead')
  const meetings = useHeld('GET /api/meetings', { query: {} }, everyday || is('organizer'))
  const issues = useHeld('GET /api/issues', { query: { state: 'open', limit: 100 } }, everyday || is('host_officer', 'organizer'))
  const unseen = badges.value.today ?? 0
  return (
    <Page title="今天" right={<PlusButton />} onRefresh={() => Promise.all([meetings.refresh(), issues.refresh()])}>
      {unseen > 0 && <Strip kind="wait" onClick={() => go('/reminders')}>{unseen} 条新提醒</Strip>}
      <Hello />
      <NextMeeting meetings={meetings} />
      <DueIssues issues={issues} everyday={everyday} />
      {everyday && <WaitingCells />}
      <AsOf at={issues.asOf.value ?? meetings.asOf.value} error={issues.error.value ?? meetings.error.value} />
    </Page>
  )
}

function Hello() {
  return <p class="hello"><span>{person.value?.name}同志，您好</span><span>{shortDay(serverNow())}</span></p>
}

/** The one that runs or comes next; the scan button only when it is time. */
function NextMeeting({ meetings }: { meetings: Held<{ items: Meeting[] }> }) {
  const now = useMinute()
  const next = nextMeeting(meetings.data.value?.items ?? [], now)
  if (!next) return meetings.data.value ? <Cells title="下一场会议"><Cell title="近期没有会议" to="/meetings" /></Cells> : null
  const mine = next.mine
  const isTime = next.state === 'open' || Date.parse(next.starts_at) - now <= BEFORE_MS
  return (
    <Cells title="下一场会议">
      <Cell icon={<Icon name="meetings" />} title={next.title} desc={`${dayTime(next.starts_at)}–${time(next.ends_at)}${next.place_words ? ` · ${next.place_words}` : ''}`} to={`/meetings/${next.id}`}>
        <span class="tags">{next.state === 'open' && !mine && <Tag kind="red">正在进行</Tag>}{mine && <MyPresence mine={mine} />}</span>
      </Cell>
      {isTime && !mine && !next.hosting && <div class="inline-action"><Button onClick={() => go('/scan')}>扫码签到</Button></div>}
      {isTime && next.hosting && <div class="inline-action"><Button onClick={() => go(`/meetings/${next.id}`)}>主持会议</Button></div>}
    </Cells>
  )
}

function MyPresence({ mine }: { mine: NonNullable<Meeting['mine']> }) {
  if (mine.state === 'present') return <Tag kind="done">已签到{mine.at ? ` ${time(mine.at)}` : ''}</Tag>
  return <Tag kind="wait">{mine.state === 'held' ? '签到待核实' : '已签到，待确认'}</Tag>
}

export function nextMeeting(meetings: Meeting[], now: number): Meeting | undefined {
  return meetings
    .filter(one => one.state === 'open' || (one.state === 'planned' && Date.parse(one.ends_at) > now))
    .sort((a, b) => Number(b.state === 'open') - Number(a.state === 'open') || Date.parse(a.starts_at) - Date.parse(b.starts_at))[0]
}

function DueIssues({ issues, everyday }: { issues: Held<{ items: Issue[] }>; everyday: boolean }) {
  const items = byDue(issues.data.value?.items ?? [])
  if (!issues.data.value) return null
  if (!items.length) return <Cells title="快到期的民情"><Cell title={everyday ? '没有待办的民情' : '没有未办结的民情'} to="/ledger" /></Cells>
  return (
    <Cells title="快到期的民情" aside={<a class="more-link" href="/ledger">全部 {items.length} 件</a>}>
      {items.slice(0, MOST_DUE).map(issue => (
        <Cell key={issue.id} title={<span class="clip">{issue.what}</span>} desc={`${issue.category_name} · ${issue.due_words.split('：')[0]}`} to={`/issues/${issue.id}`}>
          <span class="tags"><Due issue={issue} /><Mark path={`/issues/${issue.id}`} quiet /></span>
        </Cell>
      ))}
    </Cells>
  )
}

function Due({ issue }: { issue: Issue }) {
  const days = daysLeft(issue.due_on, serverNow())
  if (issue.overdue || days < 0) return <Tag kind="red">已超期</Tag>
  if (days <= 1) return <Tag kind="wait">{days === 0 ? '今天到期' : '明天到期'}</Tag>
  return <Tag>还有 {days} 天</Tag>
}

export function byDue(issues: Issue[]): Issue[] {
  return issues.filter(issue => issue.state !== 'resolved').sort((a, b) => a.due_on < b.due_on ? -1 : 1)
}

/** Calendar days in Shanghai; the server's due_words explain the working days. */
export function daysLeft(dueOn: string, now: number): number {
  return dayNumber(`${dueOn}T12:00:00+08:00`) - dayNumber(now)
}

function WaitingCells() {
  const { count, attention, oldest } = waiting.value
  const owners = [...new Set(rows.value.map(row => row.owner))]
  if (!count) return <Cells title="待上传"><Cell icon={<span class="done-icon"><Icon name="done" /></span>} title="都已送达" to="/me/waiting" /></Cells>
  return (
    <Cells title={`待上传 ${count} 条 · 最早 ${ago(oldest!)}`} aside={attention > 0 && <Tag kind="red">{attention} 条需处理</Tag>}>
      {owners.slice(0, 3).map(owner => <Cell key={owner} title={words.value.get(owner) ?? '照片'} to="/me/waiting"><span class="tags"><Mark path={owner} /></span></Cell>)}
    </Cells>
  )
}

/** The server's time, a new value every half minute, so that the scan button appears by itself. */
function useMinute(): number {
  const now = useSignal(serverNow())
  useEffect(() => {
    const timer = setInterval(() => { now.value = serverNow() }, 30_000)
    return () => clearInterval(timer)
  }, [])
  return now.value
}
