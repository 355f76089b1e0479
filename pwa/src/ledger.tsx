import { useSignal, type Signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { is } from './core/person'
import { match, place } from './core/router'
import { Cell, Cells, Empty, Page, Search, Segments } from './core/ui'
import { SendingCounts } from './issues/counts'
import { IssueList, useIssues } from './issues/list'
import { PlusButton } from './plus'
import { useVisits, VisitList } from './visits/list'

const ISSUES = [{ to: '/ledger', words: '未办结' }, { to: '/ledger/resolved', words: '已办结' }]
const VISITS = { to: '/ledger/visits', words: '走访' }
const TITLE = '台账'

/** What a role may read of the ledger decides what stands here: rows, counts, or nothing. */
export function Ledger() {
  if (is('secretary', 'branch_lead', 'organizer')) return <Rows segments={[...ISSUES, VISITS]} />
  if (is('host_officer')) return <Rows segments={ISSUES} />
  if (is('sending_unit_officer')) return <Page title={TITLE}><SendingCounts /><Cells><Cell title="红领书记" to="/people" /></Cells></Page>
  return <Page title={TITLE}><Empty title="您的账号不查看台账" text="台账只给办理和负责的同志看" /></Page>
}

function Rows({ segments }: { segments: typeof ISSUES }) {
  const current = useSegment()
  const head = <Segments items={segments} current={current} />
  if (current === VISITS.to) return <Visits head={head} />
  return <Issues key={current} head={head} state={current === '/ledger' ? 'open' : 'resolved'} />
}

type Head = { head: ComponentChildren }

function Issues({ head, state }: Head & { state: 'open' | 'resolved' }) {
  const q = useSignal('')
  const lacking = useSignal(false)
  const found = useIssues(state, q.value, lacking.value)
  return (
    <Page title={TITLE} right={<PlusButton />} head={head} onRefresh={found.pages.refresh}>
      <Search value="" onSearch={words => { q.value = words }} placeholder="搜索问题、地点" />
      <Lacking on={lacking} />
      <IssueList {...found} segment={state} q={q.value} />
    </Page>
  )
}

function Visits({ head }: Head) {
  const lacking = useSignal(false)
  const visits = useVisits(lacking.value)
  return <Page title={TITLE} right={<PlusButton />} head={head} onRefresh={visits.pages.refresh}><Lacking on={lacking} /><VisitList {...visits} lacking={lacking.value} /></Page>
}

/** Whoever looks after others finds what a phone has not sent whole. */
function Lacking({ on }: { on: Signal<boolean> }) {
  if (!is('organizer')) return null
  return <div class="toggles"><button type="button" class="chip" aria-pressed={on.value} onClick={() => { on.value = !on.value }}>只看缺照片</button></div>
}

let remembered = '/ledger'

/** Beside an opened issue (on a wide screen) the list stays the one it was opened from. */
function useSegment(): string {
  const { path } = place.value
  const root = match(path)?.route.beside ?? path
  if (path === root && root !== VISITS.to) remembered = root
  return root === '/ledger' ? remembered : root
}
