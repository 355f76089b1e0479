import { is } from '../core/person'
import { AsOf, Cells, Empty, lazy, Loading, Page } from '../core/ui'
import { PATH } from './meeting'
import { MeetingFacts, Mine, Refusals } from './parts'
import { useMeeting } from './use-meeting'
import './meetings.css'

const HallPage = lazy(() => import('./hall'))

export function MeetingPage({ id = '' }: { id?: string }) {
  const found = useMeeting(id)
  const { meeting, server, missing } = found
  if (!meeting) return <Page title="会议" up="/meetings">{missing ? <Empty title="没有这场会议" text="可能不是您支部的会议" /> : server.loading.value ? <Loading /> : <AsOf at={null} error={server.error.value} />}</Page>
  if (meeting.hosting || is('organizer')) return <HallPage found={found} meeting={meeting} />
  return (
    <Page title="会议" up="/meetings" onRefresh={server.refresh}>
      <Refusals found={found} />
      <h2 class="meeting__title">{meeting.title}</h2>
      <Mine found={found} meeting={meeting} />
      <Cells><MeetingFacts meeting={meeting} path={PATH(id)} /></Cells>
      <AsOf at={server.asOf.value} error={server.error.value} />
    </Page>
  )
}
