import { is } from '../core/person'
import { time } from '../core/dates'
import { go } from '../core/router'
import { AsOf, Button, Cell, Cells, Empty, Loading, Mark, Tag } from '../core/ui'
import { grouped, PATH, type Meeting } from './meeting'
import type { useMeetings } from './use-meeting'
import { KIND_WORDS, spanOf, STATE_WORDS } from './words'

export { useMeetings } from './use-meeting'

export function MeetingList({ pages, items }: ReturnType<typeof useMeetings>) {
  const { running, coming, past } = grouped(items)
  if (!pages.data.value && !items.length) return pages.loading.value ? <Loading /> : <AsOf at={null} error={pages.error.value} />
  const calls = is('branch_lead') && <a class="weui-btn weui-btn_primary" href="/meetings/new">召开会议</a>
  const toSign = is('secretary', 'branch_lead') && running.find(meeting => !meeting.hosting && !meeting.mine)
  return <>
    {running.length > 0 && <Cells title="正在进行">{running.map(meeting => <MeetingCell key={meeting.id} meeting={meeting} />)}{toSign && <div class="actions meeting__scan"><Button onClick={() => go('/scan')}>扫码签到</Button></div>}</Cells>}
    {coming.length > 0 && <Cells title="即将召开">{coming.map(meeting => <MeetingCell key={meeting.id} meeting={meeting} />)}</Cells>}
    {!items.length && <Empty title="还没有会议" text={is('branch_lead') ? '召开月例会、季度观摩，现场扫码签到' : '支部书记召开会议后，这里会显示'} action={calls} />}
    {past.length > 0 && <Cells title="已结束">{past.map(meeting => <MeetingCell key={meeting.id} meeting={meeting} />)}</Cells>}
    {pages.hasMore.value && <div class="actions"><Button kind="plain" onClick={pages.loadMore}>更早的会议</Button></div>}
    <AsOf at={pages.asOf.value} error={pages.error.value} />
  </>
}

export function MeetingCell({ meeting }: { meeting: Meeting }) {
  const { mine } = meeting
  const named = meeting.title.includes(KIND_WORDS[meeting.kind])
  return (
    <Cell title={meeting.title} desc={[spanOf(meeting), meeting.place_words].filter(Boolean).join(' · ')} to={PATH(meeting.id)}>
      <span class="tags">
        {meeting.state !== 'planned' && <Tag {...(meeting.state === 'open' ? { kind: 'red' } : {})}>{STATE_WORDS[meeting.state]}</Tag>}
        {mine && <MyTag mine={mine} />}
        {!named && <Tag>{KIND_WORDS[meeting.kind]}</Tag>}
        {is('organizer') && <><Tag>{meeting.branch.name}</Tag>{meeting.opened_at && <Tag>实到 {meeting.present}/{meeting.expected}</Tag>}</>}
        <Mark path={PATH(meeting.id)} quiet />
      </span>
    </Cell>
  )
}

export function MyTag({ mine }: { mine: NonNullable<Meeting['mine']> }) {
  if (mine.state === 'present') return <Tag kind="done">已签到 {time(mine.at)}</Tag>
  return <Tag kind="wait">{mine.state === 'held' ? '签到待确认' : '已签到，待确认'}</Tag>
}
