import { longDay } from '../core/dates'
import { usePages } from '../core/pages'
import { is } from '../core/person'
import { Cell, Empty, Listing, Page, PhotosTag, Tag } from '../core/ui'
import { PATH, type Fulfilment } from './duty'

/** 履责记录: what was noted, newest first. */
export default function FulfilmentsPage() {
  const pages = usePages('GET /api/fulfilments')
  return (
    <Page title="履责记录" up={is('organizer') ? '/me' : '/duties'} onRefresh={pages.refresh}>
      <Listing pages={pages} empty={<Empty title="还没有记录" text="谈话、听汇报、调研、现场办公，办过以后记一笔" />} render={one => (
        <Cell key={one.id} title={one.title} desc={[longDay(one.held_on), one.leader_name, namesOf(one)].filter(Boolean).join(' · ')} to={PATH(one.id)}>
          <span class="tags">{one.voided && <Tag>已作废</Tag>}{!one.voided && !one.counts && <Tag kind="wait">不计入</Tag>}{!one.mine && <PhotosTag photos={one.photos} />}</span>
        </Cell>
      )} />
    </Page>
  )
}

export function namesOf(one: Pick<Fulfilment, 'postings'>, most = 4): string {
  const names = one.postings.map(each => each.secretary.name)
  return names.length > most ? `${names.slice(0, most).join('、')} 等 ${names.length} 位` : names.join('、')
}
