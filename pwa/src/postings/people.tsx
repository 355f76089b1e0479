import { useSignal } from '@preact/signals'
import { usePages } from '../core/pages'
import { is } from '../core/person'
import { Cell, Empty, Listing, Page, Search, Tag } from '../core/ui'
import { TIER_WORDS } from './words'

/** Secretaries within reach: the organizer's area, a host's or a sending unit's own. Ordered by name, never by what anybody did. */
export default function PeoplePage() {
  const q = useSignal('')
  return <Page title={is('branch_lead') ? '支部同志' : '红领书记'} up="/me"><Search value="" onSearch={words => { q.value = words }} placeholder="按姓名查找" /><People key={q.value} q={q.value} /></Page>
}

function People({ q }: { q: string }) {
  const pages = usePages('GET /api/people', q ? { q } : {})
  const sends = is('organizer')
  return <Listing pages={pages} empty={<Empty title={q ? '没有找到' : '还没有红领书记'} />} render={one => {
    const to = one.posting_id ? `/postings/${one.posting_id}` : sends ? `/postings/new?person=${one.id}&name=${encodeURIComponent(one.name)}` : undefined
    return (
      <Cell key={one.id} title={one.name} desc={[one.host_unit?.name, one.sending_unit && `${one.sending_unit.name}派出`].filter(Boolean).join(' · ') || '未任职'} {...(to ? { to } : {})}>
        {sends && <span class="tags">{one.rank_tier && TIER_WORDS[one.rank_tier] && <Tag>{TIER_WORDS[one.rank_tier]}</Tag>}{one.branch && <Tag>{one.branch.name}</Tag>}</span>}
      </Cell>
    )
  }} />
}
