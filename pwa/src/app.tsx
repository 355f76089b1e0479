import { useSignalEffect } from '@preact/signals'
import { pages as accounts } from './accounts/pages'
import { pages as about } from './about/pages'
import { pages as issues } from './issues/pages'
import { pages as meetings } from './meetings/pages'
import { pages as decisions } from './decisions/pages'
import { pages as organizations } from './organizations/pages'
import { pages as postings } from './postings/pages'
import { pages as channels } from './channels/pages'
import { pages as duties } from './duties/pages'
import { pages as reminders } from './reminders/pages'
import { pages as system } from './system/pages'
import { pages as visits } from './visits/pages'
import { forgetLists } from './core/list'
import { person } from './core/person'
import { startPwa } from './core/pwa'
import { go, match, place, startRouter, type Route } from './core/router'
import { startSender } from './core/sender'
import { ready, startSession, takenOver } from './core/session'
import { startTrouble } from './core/trouble'
import { startSettings } from './core/settings'
import { measure } from './core/storage'
import { evicted } from './core/tally'
import { Button, Empty, lazy, Loading, Page } from './core/ui'
import { mayOpen, Shell } from './core/ui/shell'
import { Ledger } from './ledger'
import { Me } from './me'
import { MeetingsTab } from './meetings-tab'
import { Notices } from './notices'
import { watchReminders } from './reminders/badge'
import { startPrefetch } from './prefetch'
import { Today } from './today'
import { WaitingPage } from './waiting'

const EvictedNotice = lazy(() => import('./evicted-notice'))
const READERS: Route['roles'] = ['secretary', 'branch_lead', 'host_officer', 'sending_unit_officer', 'organizer']

/** The table of contents: every address of the app. Tabs stand here because they put several features together. */
const routes: Route[] = [
  { path: '/', page: Today, tab: 'today' },
  { path: '/ledger', page: Ledger, tab: 'ledger', roles: READERS },
  { path: '/ledger/resolved', page: Ledger, tab: 'ledger', roles: READERS },
  { path: '/ledger/visits', page: Ledger, tab: 'ledger', roles: READERS },
  { path: '/meetings', page: MeetingsTab, tab: 'meetings', roles: ['secretary', 'branch_lead', 'organizer'] },
  { path: '/me', page: Me, tab: 'me' },
  { path: '/me/waiting', page: WaitingPage, beside: '/me' },
  ...accounts, ...about, ...reminders, ...visits, ...issues, ...meetings, ...organizations, ...postings, ...decisions, ...channels, ...duties, ...system,
]

export function start(): void {
  startSettings()
  startRouter(routes)
  startPwa()
  startTrouble()
  void import('./core/fresh-log').then(log => log.beginFreshLog()).catch(() => undefined)
  void measure()
  void startPerson()
  let before = person.peek()?.id
  person.subscribe(now => {
    if (now?.id !== before) forgetLists()
    before = now?.id
  })
}

/** The queue starts only when it is known whose it is. */
async function startPerson(): Promise<void> {
  await startSession()
  startSender()
  watchReminders()
  startPrefetch()
}

export function App() {
  const at = match(place.value.path)
  const open = at?.route.open === true
  const away = ready.value && !person.value && !open
  useSignalEffect(() => {
    if (ready.value && !person.value && !match(place.value.path)?.route.open) go(signInFirst(), { replace: true })
  })
  if (evicted.value) return <EvictedNotice what={evicted.value} />
  if (takenOver.value) return <TakenOver name={takenOver.value} />
  if (!ready.value || away) return <Loading />
  if (!at || !mayOpen(at.route)) return <main class="pane"><Page title="红领通" up="/"><Empty title="没有这一页" text="链接可能已经失效" action={<a class="weui-btn weui-btn_primary" href="/">回到今天</a>} /></Page></main>
  return <Shell at={at} top={<Notices open={open} tab={at.route.tab !== undefined} />} />
}

/** Back to where the person wanted to go, once it is known who it is. */
function signInFirst(): string {
  const { path, query } = place.value
  const wanted = path + (String(query) ? `?${query}` : '')
  return wanted === '/' ? '/signin' : `/signin?next=${encodeURIComponent(wanted)}`
}

/** Somebody else signed in in another tab: nothing of the first person is shown or sent from here. */
function TakenOver({ name }: { name: string }) {
  return <main class="pane"><Page title="红领通"><Empty title={`${name}同志已在本机登录`} text="这个窗口已停止上传。原先未上传的记录仍封存在本机，等本人登录后继续。" action={<Button onClick={() => { location.assign('/') }}>刷新</Button>} /></Page></main>
}
