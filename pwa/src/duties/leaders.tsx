import { useHeld } from '../core/list'
import { is } from '../core/person'
import { go } from '../core/router'
import { AsOf, BarButton, Cell, Cells, Empty, Icon, Loading, Mark, Page, Tag } from '../core/ui'
import { useLeaders } from './use-leaders'
import { POST_WORDS } from './words'

/** 负责同志: named once, chosen from then on. */
export default function LeadersPage() {
  const server = useHeld('GET /api/unit-leaders')
  const leaders = useLeaders()
  const right = is('sending_unit_officer') && <BarButton label="登记" onClick={() => go('/unit-leaders/new')}><Icon name="plus" /></BarButton>
  return (
    <Page title="负责同志" up={is('sending_unit_officer') ? '/duties' : '/me'} right={right} onRefresh={server.refresh}>
      {!leaders ? <Loading /> : leaders.length ? <Cells tips="谈心谈话由分管干部人事或分管业务的同志开展，现场办公由主要负责同志开展。">{leaders.map(one => (
        <Cell key={one.id} title={one.name} desc={[POST_WORDS[one.post], one.title].filter(Boolean).join(' · ')} to={`/unit-leaders/${one.id}`}>
          <span class="tags">{one.left_on && <Tag>已不在岗</Tag>}<Mark path={`/unit-leaders/${one.id}`} quiet /></span>
        </Cell>
      ))}</Cells> : <Empty title="还没有登记" text="登记主要负责同志和分管同志，记谈话时直接选" />}
      <AsOf at={server.asOf.value} error={server.error.value} />
    </Page>
  )
}
