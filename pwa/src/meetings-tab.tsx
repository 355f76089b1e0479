import { is } from './core/person'
import { Empty, Page } from './core/ui'
import { MeetingList, useMeetings } from './meetings/list'
import { PlusButton } from './plus'

/** 会议: what runs, what comes, what was. */
export function MeetingsTab() {
  if (!is('secretary', 'branch_lead', 'organizer')) return <Page title="会议"><Empty title="您的账号不参加支部会议" text="会议只给支部的同志和组织部门看" /></Page>
  return <Rows />
}

function Rows() {
  const meetings = useMeetings()
  return <Page title="会议" right={<PlusButton />} onRefresh={meetings.pages.refresh}><MeetingList {...meetings} /></Page>
}
