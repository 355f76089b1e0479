import { useHeld } from '../core/list'
import { usePages } from '../core/pages'
import { is } from '../core/person'
import { go } from '../core/router'
import { AsOf, BarButton, Button, Cell, Cells, Empty, Fact, Facts, Icon, choose, Loading, Mark, Page, Strip, Tag } from '../core/ui'
import { progressOf } from '../core/waiting'
import { HOST_KIND_WORDS, LEVEL_WORDS } from '../organizations/words'
import { day, REASON_WORDS, termOf, type Posting } from './words'

export default function PostingPage({ id = '' }: { id?: string }) {
  const unsent = progressOf(`/postings/${id}`).state !== 'delivered'
  const server = useHeld('GET /api/postings/{id}', { path: { id } }, !unsent)
  const posting = server.data.value
  if (!posting) return <Page title="选派" up="/postings">{unsent ? <Strip kind="wait">已存本机，送达后显示</Strip> : server.missing.value ? <Empty title="没有这次选派" text="可能不在您的范围内" /> : server.loading.value ? <Loading /> : <AsOf at={null} error={server.error.value} />}</Page>
  const manages = is('organizer') && posting.state === 'active'
  const right = manages && <BarButton label="更多" onClick={() => void more(posting)}><Icon name="more" /></BarButton>
  return (
    <Page title="选派" up="/postings" onRefresh={server.refresh} right={right} foot={manages && <Button kind="default" onClick={() => go(`/postings/${id}/end`)}>结束选派</Button>}>
      <Cells><PostingFacts posting={posting} /></Cells>
      {is('organizer') && posting.state === 'ended' && <Ended id={id} />}
      {is('organizer', 'host_officer') && <OpenIssues postingId={id} />}
      <AsOf at={server.asOf.value} error={server.error.value} />
    </Page>
  )
}

export function PostingFacts({ posting }: { posting: Posting }) {
  return (
    <Facts>
      <Fact name="红领书记">{posting.secretary.name}</Fact>
      <Fact name="任职单位">{posting.host_unit.name}（{HOST_KIND_WORDS[posting.host_unit.kind]}）</Fact>
      <Fact name="派出单位">{posting.sending_unit.name}</Fact>
      <Fact name="临时支部">{posting.branch.name}</Fact>
      <Fact name="层级批次">{LEVEL_WORDS[posting.dispatch_level]} · {posting.cohort}</Fact>
      <Fact name="任期">{termOf(posting)}</Fact>
      <Fact name="状态"><span class="tags">{posting.state === 'active' ? <Tag>在任</Tag> : <Tag>已结束</Tag>}<Mark path={`/postings/${posting.id}`} quiet /></span></Fact>
    </Facts>
  )
}

/** Why it ended and what was handed over: for the organizer only. */
function Ended({ id }: { id: string }) {
  const ends = useHeld('GET /api/posting-ends', { query: { posting_id: id } })
  const end = ends.data.value?.items[0]
  if (!end) return null
  return <Cells title="结束情况"><Facts><Fact name="结束日期">{day(end.ended_on)}</Fact><Fact name="原因">{REASON_WORDS[end.reason]}</Fact><Fact name="移交民情">{end.handed_over ? `${end.handed_over} 件` : '没有'}</Fact><Fact name="说明">{end.note}</Fact></Facts></Cells>
}

/** Rows of what is open at this post; residents are not in them. */
export function OpenIssues({ postingId }: { postingId: string }) {
  const pages = usePages('GET /api/issues', { posting_id: postingId, state: 'open' })
  const found = pages.data.value?.items
  if (!found) return null
  if (!found.length) return <Cells title="未办结的民情"><Cell title="没有" /></Cells>
  return (
    <Cells title={`未办结的民情 ${found.length}${pages.hasMore.value ? '+' : ''} 件`}>
      {found.map(issue => <Cell key={issue.id} title={<span class="clip">{issue.what}</span>} desc={[issue.category_name, issue.place_words].filter(Boolean).join(' · ')} to={`/issues/${issue.id}`} />)}
      {pages.hasMore.value && <Cell title="显示更多" onClick={() => void pages.loadMore()} />}
    </Cells>
  )
}

async function more(posting: Posting): Promise<void> {
  const choice = await choose([{ value: 'correct', words: '更正任期、批次、支部' }] as const, `${posting.secretary.name}同志 · ${posting.host_unit.name}`)
  if (choice) go(`/postings/${posting.id}/correct`)
}
