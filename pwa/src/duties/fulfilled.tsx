import { longDay } from '../core/dates'
import { usePages } from '../core/pages'
import { Cell, Empty, Listing, Page } from '../core/ui'

/** For the secretary: that a talk was held, and when. What is missing is the unit's affair. */
export default function FulfilledPage() {
  const pages = usePages('GET /api/fulfilled')
  return (
    <Page title="派出单位的关心" up="/me" onRefresh={pages.refresh}>
      <Listing pages={pages} empty={<Empty title="还没有记录" text="派出单位和您谈话、听汇报、调研、现场办公后，这里会显示日期" />} render={one => <Cell key={one.id} title={one.title} value={longDay(one.held_on)} />} />
    </Page>
  )
}
