import { useEffect } from 'preact/hooks'
import { useSignal } from '@preact/signals'
import { serverNow } from './core/clock'
import { ago, dayNumber, shortDay } from './core/dates'
import { is, person } from './core/person'
import { go } from './core/router'
import { AsOf, Button, Cell, Cells, Icon, Loading, Mark, Page, Strip, Tag } from './core/ui'
import { badges } from './core/ui/shell'
import { known, noneWords, rows, waiting, words } from './core/waiting'
import { DueDuties } from './duties/due'
import { SendingCounts } from './issues/counts'
import type { Issue } from './issues/issue'
import { IssueCell, useIssues } from './issues/list'
import { MeetingCell, useMeetings } from './meetings/list'
import type { Meeting } from './meetings/meeting'
import { PlusButton } from './plus'
import { HeldCells, RoleCells } from './role-cells'
import { useVisits } from './visits/list'
import type { Visit } from './visits/visit'
import { whomOf } from './visits/words'

const BEFORE_MS = 30 * 60_000
const MOST_DUE = 5

/** 今天 answers, in this order: what is next, what is due, what waits to be sent. */
export function Today() {
  if (is('secretary', 'branch_lead')) return <Everyday />
  return <Page title="今天"><News /><Others /></Page>
}

function Everyday() {
  const meetings = useMeetings()
  const issues = useIssues('open')
  const due = byDue(issues.items.filter(issue => issue.secretary.id === person.value?.id))
  // At once as a whole: rows that push each other down are hit by the wrong thumb.
  const settled = [meetings.pages, issues.pages].every(one => one.data.value !== undefined || one.error.value !== null)
  if (!settled) return <Page title="今天" right={<PlusButton />}><News /><Loading /></Page>
  return (
    <Page title="今天" right={<PlusButton />} onRefresh={() => Promise.all([meetings.pages.refresh(), issues.pages.refresh()])}>
      <News />
      <NextMeeting meetings={meetings.items} loaded={meetings.pages.data.value !== undefined} />
      {is('branch_lead') && <HeldCells onlyIfAny />}
      <Cells title="快到期的民情" aside={due.length > 0 && <a class="more-link" href="/ledger">全部 {due.length} 件</a>}>
        {due.slice(0, MOST_DUE).map(issue => <IssueCell key={issue.id} byDue issue={issue} path={issues.waiting.get(issue.id) ?? `/issues/${issue.id}`} />)}
        {!due.length && <Cell title={issues.pages.data.value ? '没有未办结的问题' : '还没有取到'} to="/ledger" />}
      </Cells>
      {is('branch_lead') && <DueDuties title="支部要办的" quiet />}
      <Revisits />
      <WaitingCells />
      <AsOf at={issues.pages.asOf.value} error={issues.pages.error.value} />
    </Page>
  )
}

/** Those who come for one thing find it here at once. */
function Others() {
  return <>
    {is('organizer') && <Meetings />}
    {is('host_officer') && <HostIssues />}
    {is('sending_unit_officer') && <><DueDuties title="本单位要办的" /><SendingCounts /></>}
    <RoleCells />
  </>
}

function Meetings() {
  const { pages, items } = useMeetings()
  return <NextMeeting meetings={items} loaded={pages.data.value !== undefined} />
}

/** What its secretary is working on for this community or enterprise, newest first. */
function HostIssues() {
  const { items, pages } = useIssues('open')
  return (
    <Cells title="本单位未办结的问题" aside={items.length > 0 && <a class="more-link" href="/ledger">全部</a>}>
      {items.slice(0, MOST_DUE).map(issue => <IssueCell key={issue.id} issue={issue} path={`/issues/${issue.id}`} />)}
      {!items.length && <Cell title={pages.data.value ? '没有未办结的问题' : '还没有取到'} to="/ledger" />}
    </Cells>
  )
}

function News() {
  const unseen = badges.value.today ?? 0
  return <>
    {unseen > 0 && <Strip kind="wait" onClick={() => go('/reminders')}>{unseen} 条新提醒</Strip>}
    <p class="hello"><span>{person.value?.name}同志，您好</span><span>{shortDay(serverNow())}</span></p>
  </>
}

/** The one that runs or comes next; the scan button only when it is time. */
function NextMeeting({ meetings, loaded }: { meetings: Meeting[]; loaded: boolean }) {
  const now = useNow()
  const next = nextMeeting(meetings, now)
  if (!next) return <Cells title="下一场会议"><Cell title={loaded ? '近期没有会议' : '还没有取到'} to="/meetings" /></Cells>
  const isTime = next.state === 'open' || Date.parse(next.starts_at) - now <= BEFORE_MS
  return (
    <Cells title="下一场会议">
      <MeetingCell meeting={next} />
      {isTime && next.hosting && <div class="inline-action"><Button onClick={() => go(`/meetings/${next.id}`)}>主持会议</Button></div>}
      {isTime && !next.hosting && !next.mine && is('secretary', 'branch_lead') && <div class="inline-action"><Button onClick={() => go('/scan')}>扫码签到</Button></div>}
    </Cells>
  )
}

export function nextMeeting(meetings: Meeting[], now: number): Meeting | undefined {
  return meetings
    .filter(one => one.state === 'open' || (one.state === 'planned' && Date.parse(one.ends_at) > now))
    .sort((a, b) => Number(b.state === 'open') - Number(a.state === 'open') || Date.parse(a.starts_at) - Date.parse(b.starts_at))[0]
}

/** Soonest first; what this phone has not sent yet has no date of the server's and stands last. */
export function byDue(issues: Issue[]): Issue[] {
  return issues.filter(issue => issue.state !== 'resolved').sort((a, b) => (a.due_on || '9999') < (b.due_on || '9999') ? -1 : 1)
}

const STILL_DAYS = 7

/** 约好再去: whom a secretary meant to visit again by now; gone once visited again, and after a week by itself. */
function Revisits() {
  const { items } = useVisits()
  const due = dueAgain(items, serverNow())
  if (!due.length) return null
  return <Cells title="约好再去">{due.slice(0, MOST_DUE).map(visit => <Cell key={visit.id} title={whomOf(visit)} desc={visit.said} time={shortDay(visit.revisit_on!)} to={`/visits/${visit.id}`} />)}</Cells>
}

export function dueAgain(visits: Visit[], now: number): Visit[] {
  const today = dayNumber(now)
  const again = (visit: Visit) => visits.some(one => !one.voided && one.whom === visit.whom && one.made_at > visit.made_at)
  return visits.filter(one => one.revisit_on && !one.voided && dayNumber(one.revisit_on) <= today && dayNumber(one.revisit_on) > today - STILL_DAYS && !again(one))
}

function WaitingCells() {
  const { count, attention, oldest } = waiting.value
  const owners = [...new Set(rows.value.map(row => row.owner))]
  if (!count) return <Cells title="待上传"><Cell icon={known.value && <span class="done-icon"><Icon name="done" /></span>} title={noneWords} to="/me/waiting" /></Cells>
  return (
    <Cells title={`待上传 ${count} 条 · 最早 ${ago(oldest!)}`} aside={attention > 0 && <Tag kind="red">{attention} 条需处理</Tag>}>
      {owners.slice(0, 3).map(owner => <Cell key={owner} title={words.value.get(owner) ?? '照片'} to="/me/waiting"><span class="tags"><Mark path={owner} /></span></Cell>)}
    </Cells>
  )
}

/** The server's time, read again every half minute, so that the scan button appears by itself. */
function useNow(): number {
  const now = useSignal(serverNow())
  useEffect(() => {
    const timer = setInterval(() => { now.value = serverNow() }, 30_000)
    return () => clearInterval(timer)
  }, [])
  return now.value
}
