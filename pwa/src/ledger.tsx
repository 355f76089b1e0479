import { match, place } from './core/router'
import { Page, Segments } from './core/ui'
import { PlusButton } from './plus'
import { useVisits, VisitList } from './visits/list'

const SEGMENTS = [{ to: '/ledger', words: '民情台账' }, { to: '/ledger/visits', words: '走访记录' }]

export function Ledger() {
  const visits = useVisits()
  const current = match(place.value.path)?.route.beside ?? place.value.path
  return (
    <Page title="台账" right={<PlusButton />} head={<Segments items={SEGMENTS} current={current} />} onRefresh={visits.pages.refresh}>
      <VisitList {...visits} />
    </Page>
  )
}
