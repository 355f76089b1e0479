import { signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { is, person } from '../person'
import { go, match, place, type Match, type Route } from '../router'
import { Icon, type IconName } from './icons'
import { Badge } from './notes'
import { Overlays } from './overlay'

type Tab = NonNullable<Route['tab']>
const TABS: { tab: Tab; to: string; words: string }[] = [
  { tab: 'today', to: '/', words: '今天' },
  { tab: 'ledger', to: '/ledger', words: '台账' },
  { tab: 'meetings', to: '/meetings', words: '会议' },
  { tab: 'me', to: '/me', words: '我' },
]

/** Small red numbers on the tabs; a negative number is a dot without a number. Set by whoever counts. */
export const badges = signal<Partial<Record<Tab, number>>>({})

const wide = signal(false)
if (typeof matchMedia !== 'undefined') {
  const query = matchMedia('(min-width: 1024px)')
  wide.value = query.matches
  query.addEventListener('change', () => { wide.value = query.matches })
}

/** The frame of the app: one page on a phone, a list with a detail beside it where there is room. */
export function Shell({ at, top }: { at: Match; top: ComponentChildren }) {
  const { route, params } = at
  if (route.bare) return <><main class="pane"><route.page {...params} /></main><Overlays /></>
  const list = wide.value ? (route.tab ? at : route.beside ? match(route.beside) : undefined) : undefined
  const tab = tabOf(route)
  return <>
    <div class="shell">
      <div class="panes">
        {list && list !== at && <section class="pane pane_list" aria-label="列表"><list.route.page {...list.params} /></section>}
        <main class={`pane ${list === at && hasDetail(route) ? 'pane_list' : ''}`} key={place.value.path}>{top}<route.page {...params} /></main>
        {list === at && hasDetail(route) && <section class="pane pane_empty" aria-label="详情">请在左侧选择一条</section>}
      </div>
      {(route.tab || wide.value) && person.value && <TabBar current={tab} />}
    </div>
    <Overlays />
  </>
}

/** The tab a page belongs to, through the lists it stands beside. */
function tabOf(route: Route | undefined): Tab | undefined {
  return route?.tab ?? (route?.beside ? tabOf(match(route.beside)?.route) : undefined)
}

const hasDetail = (route: Route) => route.tab === 'ledger' || route.tab === 'meetings'

/** A page that a role has no use for is not there for it; what it may see is decided by the server alone. */
export function mayOpen(route: Route): boolean {
  return !route.roles || is(...route.roles)
}

function TabBar({ current }: { current: Tab | undefined }) {
  return (
    <nav class="tabs" aria-label="主要页面">
      {TABS.filter(({ to }) => match(to) && mayOpen(match(to)!.route)).map(({ tab, to, words }) => {
        const count = badges.value[tab] ?? 0
        return (
          <a key={tab} class="tab" href={to} aria-current={tab === current ? 'page' : undefined} onClick={event => { event.preventDefault(); go(to, { replace: true }) }}>
            <Icon name={tab as IconName} />{words}
            {count !== 0 && <span class="tab__badge"><Badge count={Math.abs(count)} dot={count < 0} /></span>}
          </a>
        )
      })}
    </nav>
  )
}
