import { dayTime } from '../core/dates'
import { usePages } from '../core/pages'
import { Cell, Empty, Listing, Page } from '../core/ui'

/** What people wrote without signing in, for the administrator. */
export default function FeedbackListPage() {
  const pages = usePages('GET /api/feedback', {})
  return (
    <Page title="收到的投诉建议" up="/me" onRefresh={pages.refresh}>
      <Listing pages={pages} empty={<Empty title="还没有投诉建议" />} render={one => <Cell key={one.id} title={<span class="feedback__text">{one.text}</span>} desc={one.contact ? `联系方式：${one.contact}` : '没有留联系方式'}><span class="cell__time">{dayTime(one.received_at)}</span></Cell>} />
    </Page>
  )
}
