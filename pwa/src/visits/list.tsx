import { listTime } from '../core/dates'
import { useLocal, useOverlay } from '../core/list'
import { usePages } from '../core/pages'
import { is } from '../core/person'
import { Cell, Empty, Listing, Mark, PhotosTag, Tag } from '../core/ui'
import { shown, PATH, VOID_PATH, type Visit, type VisitBody } from './visit'
import { KIND_WORDS, whomOf } from './words'

/** Visits within reach, newest first, with this phone's own unsent ones on top. `lacking`: only those whose photos have not all arrived. */
export function useVisits(lacking = false) {
  const pages = usePages('GET /api/visits', lacking ? { lacks_photos: true } : {})
  const local = useLocal<VisitBody>('visits')
  const items = useOverlay(pages, local, shown)
  const voided = new Set(useLocal('visits-void').value?.map(one => one.about))
  return { pages, items: items.value.map(visit => voided.has(visit.id) ? Object.assign({}, visit, { voided: true }) : visit) }
}

export function VisitList({ pages, items, lacking = false }: ReturnType<typeof useVisits> & { lacking?: boolean }) {
  const mine = is('secretary', 'branch_lead')
  const empty = lacking ? <Empty title="没有缺照片的走访" text="列出的照片都已送达" /> : <Empty title="还没有走访记录" text={mine ? '记走访完全自愿，可以不定位、不拍照' : ''} action={mine && <a class="weui-btn weui-btn_primary" href="/visits/new">记走访</a>} />
  return <Listing pages={pages} items={items} empty={empty} render={visit => <VisitCell key={visit.id} visit={visit} mine={mine} />} />
}

function VisitCell({ visit, mine }: { visit: Visit; mine: boolean }) {
  return (
    <Cell title={whomOf(visit)} desc={<span class="clip">{visit.said || KIND_WORDS[visit.kind]}</span>} time={listTime(visit.started_at ?? visit.made_at)} to={PATH(visit.id)}>
      <span class="tags">
        {mine ? <Mark path={PATH(visit.id)} quiet /> : <Tag>{visit.secretary.name}</Tag>}
        {visit.voided && <><Tag>已作废</Tag><Mark path={VOID_PATH(visit.id)} quiet /></>}
        {!mine && <PhotosTag photos={visit.photos} />}
        {visit.state === 'held' && <Tag kind="wait">待确认</Tag>}
      </span>
    </Cell>
  )
}
