import { signal } from '@preact/signals'
import { ApiProblem, call, Unreachable } from './api'
import { announce, onChange, wake } from './bell'
import { close, eachPhoto, isWhole, readSetting, reserve, withStore, write, writeSetting, type Who } from './db'
import { purge } from './outbox'
import { pocket } from './pocket'
import { forgetHere } from './push'
import { person, type Person } from './person'
import { askAgain } from './reconcile'
import { reckonAll } from './tally'
import { paused, refresh, setPaused } from './waiting'

/** Who is signed in, on this phone and at the server. Offline the last person stays signed in; nobody else can sign in. */
export const ready = signal(false)
/** Another tab signed somebody else in: this one shows a notice and sends nothing. */
export const takenOver = signal<string | null>(null)

const WHO = 'who'
const SIGNING_OUT = 'signing_out'
const PROLONGED = 'hongling-prolonged'
const DAY_MS = 86_400_000
const RECOVERS_WITHIN_MS = 10_000

const lastHere = () => readSetting<Who | null>(WHO).catch(() => undefined)

export async function startSession(): Promise<void> {
  let who = await lastHere()
  if (!await isWhole(who?.person.id ?? '').catch(() => true)) {
    await reserve(copy => copy.recover(), { patienceMs: RECOVERS_WITHIN_MS })
    who = await lastHere()
  }
  await reckonAll()
  if (who) await become(who.person)
  ready.value = true
  setTimeout(() => void reserve(copy => copy.lookAround()), 1000)
  onChange(what => { if (what === 'session') void notice() })
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return
    void notice()
    if (paused.value) void renew().catch(() => undefined)
  })
  window.addEventListener('online', () => void renew().catch(() => undefined))
  void renew().catch(() => undefined)
}

async function become(who: Person | null): Promise<void> {
  person.value = who
  await refresh().catch(() => undefined)
  if (who) void purge(who.id, Date.now(), { confirmed: false }).catch(() => undefined)
}

/** Ask the server who we are. An unfinished offline sign-out is finished before anything else. */
export async function renew(): Promise<void> {
  if (!await finishSignOut()) return
  const me = person.value
  if (!me) return
  try {
    const found = await call('GET /api/session')
    if (person.value?.id !== me.id) return // signed out while the answer was on its way: that stands
    if (found.id !== me.id) return await setPaused(me.id, true)
    person.value = found // at once: a sign-out while it is written down stands
    await writeSetting(WHO, { person: found, signed_in_at: Date.now() } satisfies Who)
    await setPaused(me.id, false)
    wake('sign_in')
    await prolong()
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) await setPaused(me.id, true)
  }
}

/** Once a day: a secretary who opens the app now and then never has to sign in again. */
async function prolong(): Promise<void> {
  const last = pocket.read<number>(PROLONGED) ?? 0
  const now = Date.now()
  if (last <= now && now - last < DAY_MS) return
  pocket.write(PROLONGED, now) // first: of two windows one is enough
  await call('PUT /api/session').catch(error => { pocket.drop(PROLONGED); throw error })
}

export async function signIn(username: string, password: string): Promise<Person> {
  return enter(() => call('POST /api/session', { body: { username, password } }))
}

/** The owner of a new account chooses the password and is signed in by it. */
export async function activate(code: string, password: string): Promise<Person> {
  return enter(() => call('POST /api/activations', { body: { code, password } }))
}

/** In by an account elsewhere: the person, or a ticket with which one can be bound. */
export async function enterElsewhere(way: 'wecom' | 'mini-program', code: string): Promise<Person | string> {
  const told = await call(`POST /api/${way}-sessions`, { body: { code } })
  return told.person ? enter(() => Promise.resolve(told.person!)) : told.ticket!
}

export async function bind(ticket: string, proof: { username: string } | { activation_code: string }, password: string): Promise<Person> {
  return enter(async () => (await call('POST /api/bindings', { body: { ticket, ...proof, password } })).person!)
}

async function enter(open: () => Promise<Person>): Promise<Person> {
  if (!await finishSignOut()) throw new Unreachable('网络不通，登录需要网络')
  const before = person.value
  const found = await open()
  if (before && before.id !== found.id) {
    await leave(before.id)
    void forgetHere()
  }
  await writeSetting(WHO, { person: found, signed_in_at: Date.now() } satisfies Who).catch(() => { throw new Error('这个窗口不能在本机保存数据（可能是无痕浏览），请用普通窗口打开') })
  takenOver.value = null
  await become(found)
  await setPaused(found.id, false)
  await askAgain(found.id)
  announce('session')
  wake('sign_in')
  return found
}

/** Works without network: the data is hidden now, and the server is told first thing when it can be reached. */
export async function signOut(): Promise<void> {
  const me = person.value
  if (!me) return
  await writeSetting(SIGNING_OUT, me.id)
  await become(null) // first: an answer on its way must not sign in again who is gone
  await writeSetting(WHO, null)
  await leave(me.id)
  void forgetHere()
  announce('session')
  await finishSignOut()
}

/** True when the server knows that nobody is signed in here, or nobody was signed out. */
async function finishSignOut(): Promise<boolean> {
  const whose = await readSetting<string | boolean>(SIGNING_OUT).catch(() => false)
  if (!whose) return true
  try {
    // Nobody is signed in here any more, and the server must still be told whose session ends.
    const id = typeof whose === 'string' ? whose : (await call('GET /api/session')).id
    await call('DELETE /api/session', { headers: { 'Hongling-Person': id } })
  } catch (error) {
    if (!(error instanceof ApiProblem && error.status === 401)) return false
  }
  await writeSetting(SIGNING_OUT, false)
  return true
}

/** What was delivered leaves the phone; what is unsent stays, and only its owner's sign-in opens it again. The empty store stays too: another tab may
 * be saving into it at this moment. */
async function leave(personId: string): Promise<void> {
  await write(personId, ['records', 'photos', 'outbox', 'drafts', 'cache'], async tx => {
    await tx.objectStore('cache').clear()
    const rows = await tx.objectStore('outbox').getAll()
    const owners = new Set(rows.map(row => row.owner))
    for (const record of await tx.objectStore('records').getAll()) if (record.receipt && !owners.has(record.path)) await tx.objectStore('records').delete(record.key)
    await eachPhoto(tx, photo => photo.delivered_at !== null && !owners.has(photo.owner) && tx.objectStore('photos').delete(photo.id))
  })
  await close(personId)
}

/** Another tab may have signed out or signed somebody else in. */
async function notice(): Promise<void> {
  const who = await lastHere()
  const me = person.value
  if (!me || who === undefined || who?.person.id === me.id) return
  if (who) takenOver.value = who.person.name
  else await become(null)
}

/** Unsent work and drafts of the person, asked before signing out. */
export async function unfinished(): Promise<{ unsent: number; drafts: number }> {
  const me = person.value
  if (!me) return { unsent: 0, drafts: 0 }
  return withStore(me.id, async db => {
    const rows = await db.getAll('outbox')
    return { unsent: new Set(rows.map(row => row.owner)).size, drafts: await db.count('drafts') }
  })
}
