import { dayTime } from '../core/dates'
import { usePages } from '../core/pages'
import { Cell, Empty, Listing, Page } from '../core/ui'
import { decide, useDecided } from './decide'

const KIND_WORDS: Record<string, string> = { visit: '走访', issue: '民情', issue_action: '民情进展', checkin: '签到' }

/** 待确认: what the rules could not place waits here for a person, each with the reason. */
export default function HeldPage() {
  const pages = usePages('GET /api/held', {})
  const decided = useDecided(pages.asOf.value)
  const items = (pages.data.value?.items ?? []).filter(one => !decided.has(one.path)).map(one => Object.assign({ id: one.path }, one))
  return (
    <Page title="待确认" up="/me" onRefresh={pages.refresh}>
      <Listing pages={pages as never} items={items} empty={<Empty title="没有待确认的记录" text="任期结束后才记的、签到时间对不上的，会在这里等您确认" />} render={one => {
        const what = KIND_WORDS[one.kind] ?? '记录'
        return <Cell key={one.path} title={`${one.person.name}同志的${what}`} desc={<>{one.summary && <span class="clip">{one.summary}</span>}<span class="held__why">{one.held_reason}</span></>} time={dayTime(one.made_at)} onClick={() => void decide({ path: one.path, what, who: one.person.name, reason: one.held_reason })} />
      }} />
    </Page>
  )
}
