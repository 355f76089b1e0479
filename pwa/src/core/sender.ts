import { ask, serverStart, Unreachable, writeHeaders } from './api'
import { announce, onWake, wake, type Reason } from './bell'
import { report } from './device'
import { contentDigest } from './digest'
import { readSetting, withStore, type Who } from './db'
import { fullAgain, mostNow, transmitMany, wentWell, type Transmitted } from './batch'
import { judge } from './judge'
import { claimSome, hurry, isOver, isPhoto, LEASE_MS, nextOf, nextTime, PHOTO_LEASE_MS, release, rowsInOrder, settleAll, type Sending } from './outbox'
import { person } from './person'
import { doubt, lookTwice, reconcile } from './reconcile'
import { unseal } from './seal'
import { refresh, rows, setPaused, waiting } from './waiting'

/** The one sender. It runs in the page, not in the service worker: the whole promise holds where there is none (WeChat on iOS). */
const TIMER_MS = 60_000
const OFFLINE_MOST_MS = 60_000
const SLOW_MS = 5000

let running = false
let wanted = false
let timer: ReturnType<typeof setTimeout> | undefined
let quietUntil = 0 // after a failure of the network itself: all rows would fail alike
let failures = 0
const isQuiet = () => !isOver(quietUntil, Date.now(), TIMER_MS)

export function startSender(): void {
  onWake(reason => void onReason(reason))
  window.addEventListener('online', () => wake('online'))
  window.addEventListener('pageshow', () => wake('pageshow'))
  document.addEventListener('visibilitychange', () => { if (!document.hidden) wake('visible') })
  setInterval(() => { if (!document.hidden) onMinute() }, TIMER_MS)
  wake('start')
  let before = serverStart.value
  serverStart.subscribe(now => { wake(before === null ? 'timer' : 'online'); before = now }) // started anew: what waits out a backoff need not
}

/** A page that is looked at and has nothing to send hears of the server all the same: it may have been set back. */
function onMinute(): void {
  wake('timer')
  if (!rows.value.length) void ask('/api/health', {}).catch(() => undefined)
}

async function onReason(reason: Reason): Promise<void> {
  if (reason !== 'timer') quietUntil = 0
  if (reason === 'start' || reason === 'visible') doubt(reason)
  if (reason === 'by_hand' || reason === 'online') {
    failures = 0
    fullAgain()
    if (person.value) await hurry(person.value.id, reason === 'by_hand').catch(() => undefined)
  }
  await flush()
}

/** Send what is ready. Asked again while it runs, it looks once more before it ends. */
export async function flush(): Promise<void> {
  wanted = true
  if (running) return
  running = true
  try {
    while (wanted) {
      wanted = false
      const who = person.value?.id
      if (who) await alone(who)
    }
  } catch {
    quietUntil = Date.now() + TIMER_MS // the store does not open, or has no room for the receipt; the next trigger tries again
  } finally {
    running = false
    await refresh().catch(() => undefined)
    await plan().catch(() => undefined)
    const who = person.value?.id
    if (who && !isQuiet() && await maySend(who).catch(() => false)) void report(who, waiting.value, Date.now())
  }
}

/** One sender across tabs. The lock is waited for: with `ifAvailable` a record saved while another tab was finishing would lie until the next trigger.
 * But not for ever: a tab that the phone froze keeps its lock. Then, and where there are no locks, the leases keep two senders apart. */
async function alone(who: string): Promise<void> {
  if (!navigator.locks) return drain(who)
  const stop = new AbortController()
  const patience = setTimeout(() => stop.abort(), LEASE_MS)
  let mine = false
  try {
    await navigator.locks.request(`hongling-send-${who}`, { signal: stop.signal }, async () => {
      mine = true
      clearTimeout(patience)
      await release(who) // whoever holds the lock is alone: a lease still there was left by a page that died
      await drain(who)
    })
  } catch (error) {
    if (mine || !stop.signal.aborted) throw error
    await drain(who)
  }
}

async function drain(who: string): Promise<void> {
  for (;;) {
    if (isQuiet() || !await maySend(who)) return
    if (await reconcile(who, Date.now())) announce()
    const claimed = await claimSome(who, Date.now(), mostNow(Date.now()))
    if (!claimed.length) return
    announce()
    const { answered, unreachable } = claimed.length > 1 ? await transmitMany(who, claimed, LEASE_MS - 5000) : await transmit(who, claimed[0]!)
    await settleAll(who, await lookTwice(who, answered, Date.now()), Date.now())
    if (answered.some(([, verdict]) => verdict.is === 'sign_in')) await setPaused(who, true)
    announce()
    if (unreachable) {
      failures += 1
      quietUntil = Date.now() + Math.min(OFFLINE_MOST_MS, 1000 * 2 ** failures)
      return
    }
    failures = 0
  }
}

/** Not when signed out, not when another tab is somebody else's by now: checked before each thing that leaves. */
async function maySend(who: string): Promise<boolean> {
  if (person.value?.id !== who) return false
  const signedIn = await readSetting<Who | null>('who')
  if (signedIn?.person.id !== who) {
    announce('session')
    return false
  }
  return await withStore(who, db => db.get('meta', 'paused')) !== true
}

async function transmit(who: string, sending: Sending): Promise<Transmitted> {
  const target = sending.photo ?? sending.record
  const gaveWay = sending.photo && giveWay(who)
  try {
    const request = sending.photo ? photoRequest(who, sending.photo) : await recordRequest(who, sending.record)
    if (gaveWay) request.init.signal = gaveWay.signal
    const { response, data } = await ask(request.url, request.init, (sending.photo ? PHOTO_LEASE_MS : LEASE_MS) - 5000)
    const verdict = judge({ status: response.status, data, retryAfter: response.headers.get('Retry-After') }, target)
    if (verdict.is === 'delivered' && sending.record) wentWell()
    return { answered: [[sending, verdict]], unreachable: false }
  } catch (error) {
    if (gaveWay?.signal.aborted) return { answered: [[sending, { is: 'not_yet' }]], unreachable: false }
    const why = error instanceof Unreachable ? error.message : '没有发出去'
    return { answered: [[sending, { is: 'again', why }]], unreachable: error instanceof Unreachable }
  } finally {
    gaveWay?.end()
  }
}

/** A photo that takes long is broken off as soon as something written is ready to go, whichever tab it was written in. */
function giveWay(who: string): { signal: AbortSignal; end: () => void } {
  const stop = new AbortController()
  const since = Date.now()
  const look = async () => {
    const now = Date.now()
    if (now - since > SLOW_MS && nextOf(await rowsInOrder(who), now, undefined, row => !isPhoto(row))) stop.abort()
  }
  const glance = setInterval(() => void look().catch(() => undefined), 1000)
  return { signal: stop.signal, end: () => clearInterval(glance) }
}

type Request = { url: string; init: RequestInit }

async function recordRequest(who: string, record: NonNullable<Sending['record']>): Promise<Request> {
  const headers: Record<string, string> = { ...writeHeaders(who), 'Content-Type': 'application/json' }
  if (record.if_match) headers['If-Match'] = `"${record.if_match}"`
  return { url: `/api${record.path}`, init: { method: 'PUT', headers, body: await unseal(who, record.body) } }
}

function photoRequest(who: string, photo: NonNullable<Sending['photo']>): Request {
  const headers = { ...writeHeaders(who), 'Content-Type': photo.type, 'Content-Digest': contentDigest(photo.digest) }
  return { url: `/api/photos/${photo.id}`, init: { method: 'PUT', headers, body: photo.data } }
}

/** Look again when the next backoff ends. */
async function plan(): Promise<void> {
  clearTimeout(timer)
  const who = person.value?.id
  if (!who) return
  const next = nextTime(await rowsInOrder(who))
  if (next === undefined) return
  const wait = Math.max(next, quietUntil) - Date.now()
  timer = setTimeout(() => wake('timer'), Math.min(Math.max(wait, 250), TIMER_MS))
}
