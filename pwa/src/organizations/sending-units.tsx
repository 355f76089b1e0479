import { useSignal } from '@preact/signals'
import { usePages } from '../core/pages'
import { Cell, Empty, Listing, Page, Search } from '../core/ui'
import { useAreaNames } from './areas'
import { CATEGORY_WORDS } from './words'

/** 派出单位 of the area, by name. */
export default function SendingUnitsPage() {
  const q = useSignal('')
  return <Page title="派出单位" up="/me"><Search value="" onSearch={words => { q.value = words }} placeholder="按名称查找" /><Units key={q.value} q={q.value} /></Page>
}

function Units({ q }: { q: string }) {
  const pages = usePages('GET /api/sending-units', q ? { q } : {})
  const areaOf = useAreaNames()
  return <Listing pages={pages} empty={<Empty title={q ? '没有找到' : '还没有派出单位'} />} render={unit => (
    <Cell key={unit.id} title={unit.name} desc={[areaOf(unit.area_path), CATEGORY_WORDS[unit.category]].filter(Boolean).join(' · ')} to={`/postings?q=${encodeURIComponent(unit.name)}`} />
  )} />
}
