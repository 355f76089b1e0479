import { serverNow } from '../core/clock'
import { dayNumber, shortDay, time } from '../core/dates'
import { is } from '../core/person'
import { go } from '../core/router'
import { AsOf, Button, Cell, Cells, Empty, Loading, Mark, Page, Tag } from '../core/ui'
import { missing, newest, PATH, type Duty } from './duty'
import { useDuties } from './use-duties'
import { titleOf } from './words'
import './duties.css'

/** 履责: what the own unit, branch or department owes now; one button each, one note for everybody it was for. */
export default function DutiesPage() {
  const { server, notes, duties } = useDuties()
  // Amber until the server has it, then green: what was noted today stays in sight, and what is older only until it was sent.
  const fresh = notes.filter(one => one.delivered_at === null || dayNumber(one.made_at) === dayNumber(serverNow()))
  if (!duties) return <Page title={titleHere()} up="/me">{server.loading.value ? <Loading /> : <AsOf at={null} error={server.error.value} />}</Page>
  return (
    <Page title={titleHere()} up="/me" onRefresh={server.refresh}>
      {fresh.length > 0 && <Cells title="今天记的">{fresh.map(one => <Cell key={one.id} title={one.words} time={time(one.made_at)} to={PATH(one.id)}><span class="tags"><Mark path={one.path} /></span></Cell>)}</Cells>}
      {!duties.length && <Empty title="现在没有要办的" text="到期前会在提醒里告诉您" />}
      {duties.map(duty => <DutyCells key={`${duty.duty} ${duty.period}`} duty={duty} left={missing(duty)} first={newest(duties, duty.duty) === duty} />)}
      <Cells>
        <Cell title="履责记录" to="/fulfilments" />
        {is('sending_unit_officer') && <Cell title="本单位负责同志" desc="登记一次，以后直接选" to="/unit-leaders" />}
      </Cells>
      <AsOf at={server.asOf.value} error={server.error.value} />
    </Page>
  )
}

const titleHere = () => is('sending_unit_officer') ? '履责' : is('branch_lead') ? '支部事项' : '组织部门事项'

function DutyCells({ duty, left, first }: { duty: Duty; left: Duty['subjects']; first: boolean }) {
  const state = duty.state === 'done' ? <Tag kind="done">已办</Tag> : duty.state === 'overdue' ? <Tag kind="red">已过期</Tag> : <Tag>{shortDay(duty.due_on)}前</Tag>
  const names = left.map(one => one.name)
  return (
    <Cells>
      <Cell title={titleOf(duty)} desc={duty.by_words && `由${duty.by_words}`} value={<span class="duty__count">{duty.done}/{duty.owed}</span>}><span class="tags">{state}</span></Cell>
      {duty.state !== 'done' && names.length > 0 && <p class="duty__names">还有 {names.slice(0, 12).join('、')}{names.length > 12 ? ` 等 ${names.length} 位` : ''}</p>}
      {duty.can_note && duty.state !== 'done' && <div class="inline-action"><Button kind={first ? 'primary' : 'default'} onClick={() => go(`/fulfilments/new?duty=${duty.duty}&period=${duty.period}`)}>{first ? `记${duty.title}` : '补记'}</Button></div>}
      {!duty.can_note && duty.state !== 'done' && <p class="duty__names">{duty.duty === 'term_end' ? '到期结束选派或续派后自动完成' : '召开会议后自动完成，不用另记'}</p>}
    </Cells>
  )
}
