import { useSignal } from '@preact/signals'
import { usePages } from '../core/pages'
import { Cell, Empty, Listing, Page, Search } from '../core/ui'
import { useAreaNames } from './areas'
import { BRANCH_LEVEL_WORDS } from './words'

/** 临时党支部 of the area, by name. */
export default function BranchesPage() {
  const q = useSignal('')
  return <Page title="临时党支部" up="/me"><Search value="" onSearch={words => { q.value = words }} placeholder="按名称查找" /><Branches key={q.value} q={q.value} /></Page>
}

function Branches({ q }: { q: string }) {
  const pages = usePages('GET /api/branches', q ? { q } : {})
  const areaOf = useAreaNames()
  return <Listing pages={pages} empty={<Empty title={q ? '没有找到' : '还没有临时党支部'} />} render={branch => (
    <Cell key={branch.id} title={branch.name} desc={[areaOf(branch.area_path), BRANCH_LEVEL_WORDS[branch.level]].filter(Boolean).join(' · ')} value={`${branch.members} 人`} />
  )} />
}
