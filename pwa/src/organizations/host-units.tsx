import { useSignal } from '@preact/signals'
import { usePages } from '../core/pages'
import { Cell, Chips, Empty, Listing, Page, Search, Tag } from '../core/ui'
import type { Routes } from '../core/wire'
import { useAreaNames } from './areas'
import { HOST_KIND_WORDS } from './words'

type Show = 'communities' | 'covered' | 'uncovered' | 'enterprises'
const QUERIES: Record<Show, Routes['GET /api/host-units']['query']> = {
  communities: { kind: 'community' }, covered: { kind: 'community', covered: true }, uncovered: { kind: 'community', covered: false }, enterprises: { kind: 'enterprise' },
}
const SHOWS: { value: Show; words: string }[] = [{ value: 'communities', words: '社区' }, { value: 'covered', words: '已覆盖' }, { value: 'uncovered', words: '未覆盖' }, { value: 'enterprises', words: '企业' }]
const show = { communities: '没有社区', covered: '还没有覆盖的社区', uncovered: '社区都已覆盖', enterprises: '没有企业' }

/** 任职单位: where secretaries serve, and which communities nobody serves yet. */
export default function HostUnitsPage() {
  const shown = useSignal<Show>('communities')
  const q = useSignal('')
  return (
    <Page title="社区和企业" up="/me">
      <Search value="" onSearch={words => { q.value = words }} placeholder="按名称查找" />
      <Chips label="显示" value={shown.value} onChange={value => { shown.value = value }} options={SHOWS} />
      <Units key={shown.value + q.value} query={{ ...QUERIES[shown.value], ...(q.value ? { q: q.value } : {}) }} empty={q.value ? '没有找到' : show[shown.value]} />
    </Page>
  )
}

function Units({ query, empty }: { query: Routes['GET /api/host-units']['query']; empty: string }) {
  const pages = usePages('GET /api/host-units', query)
  const areaOf = useAreaNames()
  return <Listing pages={pages} empty={<Empty title={empty} />} render={unit => (
    <Cell key={unit.id} title={unit.name} desc={[areaOf(unit.area_path), HOST_KIND_WORDS[unit.kind]].filter(Boolean).join(' · ')} to={`/postings?q=${encodeURIComponent(unit.name)}`}
      value={unit.secretaries ? `${unit.secretaries} 名红领书记` : <Tag>未覆盖</Tag>} />
  )} />
}
