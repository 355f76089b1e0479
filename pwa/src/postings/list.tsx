import { signal, useSignal } from '@preact/signals'
import { usePages } from '../core/pages'
import { is } from '../core/person'
import { go, place } from '../core/router'
import { BarButton, Cell, Chips, Empty, Icon, Listing, Mark, Page, Search, Tag } from '../core/ui'
import { LEVEL_WORDS } from '../organizations/words'
import { termOf } from './words'

type State = 'active' | 'ended'
const STATES: { value: State; words: string }[] = [{ value: 'active', words: '在任' }, { value: 'ended', words: '已结束' }]

// Kept while a posting stands beside the list: it must not jump back to the beginning.
const shown = signal<State>('active')

/** 选派: who serves where, sent by whom; found by any of the three names. */
export default function PostingsPage() {
  const asked = place.value.path === '/postings' ? place.value.query.get('q') ?? '' : ''
  const q = useSignal(asked)
  const right = is('organizer') && <BarButton label="新增选派" onClick={() => go('/postings/new')}><Icon name="plus" /></BarButton>
  return (
    <Page title="选派" up="/me" right={right}>
      <Search value={q.value} onSearch={words => { q.value = words }} placeholder="按姓名、任职单位、派出单位查找" />
      <Chips label="状态" value={shown.value} onChange={value => { shown.value = value }} options={STATES} />
      <Postings key={shown.value + q.value} state={shown.value} q={q.value} />
    </Page>
  )
}

function Postings({ state, q }: { state: State; q: string }) {
  const pages = usePages('GET /api/postings', q ? { state, q } : { state })
  return <Listing pages={pages} empty={<Empty title={q ? '没有找到' : state === 'active' ? '还没有在任的选派' : '没有已结束的选派'} />} render={one => (
    <Cell key={one.id} title={one.secretary.name} desc={<>{one.host_unit.name}<br />{one.sending_unit.name}派出 · {termOf(one)}</>} to={`/postings/${one.id}`}>
      <span class="tags"><Tag>{LEVEL_WORDS[one.dispatch_level]}</Tag><Tag>{one.cohort}</Tag><Mark path={`/postings/${one.id}`} quiet /></span>
    </Cell>
  )} />
}
