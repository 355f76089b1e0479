import { ask, isObject, serverStart, writeHeaders } from './api'
import { serverNow } from './clock'
import { eachPhoto, withStore, write } from './db'
import { busyPaths, newestDelivered, requeue } from './heal'
import { isOver, purge, type Answered } from './outbox'

/** Daily, after each sign-in and at a start, and when the server seems to have forgotten something: which of what this phone delivered does the server
 * lack? That goes again, so that a server restored from yesterday's backup is made whole by the phones. Only what it confirmed may leave the phone. */
const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
const MOST_ASKED = 2000
const REST_MS = MINUTE_MS // after a question without answer
const RECONCILED = 'reconciled_at'
const UNDER = 'reconciled_under'

/** How old the last answer may be before the server is asked again. */
export const PATIENCE_MS = { start: 10 * MINUTE_MS, visible: 60 * MINUTE_MS, doubt: MINUTE_MS, restart: MINUTE_MS / 6 } as const
/** A photo whose record is there and lists it no more, whatever the server was asked: a person decides. */
const UNLISTED_TRIES = 8
let patience: number = DAY_MS
let restUntil = 0

/** The next round asks again if the last answer is older than this. A person who opens the app or comes back to it need not wait out a question that was lost. */
export function doubt(why: keyof typeof PATIENCE_MS): void {
  if (why === 'start' || why === 'visible') restUntil = 0
  patience = Math.min(patience, PATIENCE_MS[why])
}

/** Whoever signs in begins with the question: a restored server has ended every session. */
export async function askAgain(who: string): Promise<void> {
  restUntil = 0
  await write(who, ['meta'], async tx => { await tx.objectStore('meta').delete(RECONCILED) })
}

/** Called by the sender, which is alone. The number of things that the server lacked. */
export async function reconcile(who: string, now: number): Promise<number> {
  if (!isOver(restUntil, now, REST_MS)) return 0
  const last = await lastAnswer(who)
  if (await isStartedAnew(who)) doubt('restart')
  if (last !== undefined && last <= now && now - last < patience) return 0
  const items = await question(who, last === undefined)
  const lacks = new Set<string>()
  for (let at = 0; at < items.length; at += MOST_ASKED) {
    const answer = await answerTo(who, items.slice(at, at + MOST_ASKED))
    if (!answer) {
      restUntil = now + REST_MS
      return 0
    }
    for (const path of answer) lacks.add(path.replace(/^\/api/, ''))
  }
  patience = DAY_MS
  const count = await write(who, ['records', 'photos', 'outbox', 'meta'], async tx => {
    await tx.objectStore('meta').put(now, RECONCILED)
    await tx.objectStore('meta').put(serverStart.value, UNDER)
    return requeue(tx, lacks)
  })
  await purge(who, serverNow()) // as the answer has just told: a phone whose clock is a month ahead would throw all away
  return count
}

function lastAnswer(who: string): Promise<number | undefined> {
  return withStore(who, db => db.get('meta', RECONCILED)) as Promise<number | undefined>
}

async function isStartedAnew(who: string): Promise<boolean> {
  return serverStart.value !== null && serverStart.value !== await withStore(who, db => db.get('meta', UNDER))
}

/** What is on its way again, or changed since, is not asked about: it goes anyway. `everything`: also what the server had something newer for. */
async function question(who: string, everything: boolean): Promise<{ path: string; digest: string }[]> {
  return withStore(who, async db => {
    const tx = db.transaction(['records', 'photos', 'outbox'])
    const busy = busyPaths(await tx.objectStore('outbox').getAll())
    const records = newestDelivered(await tx.objectStore('records').getAll()).filter(record => !busy.has(record.path) && (everything || !record.let_go))
    const items = records.map(({ path, digest }) => ({ path: `/api${path}`, digest }))
    await eachPhoto(tx, ({ id, digest, delivered_at, let_go }) => delivered_at !== null && (everything || !let_go) && items.push({ path: `/api/photos/${id}`, digest }))
    return items
  })
}

async function answerTo(who: string, items: object[]): Promise<string[] | undefined> {
  try {
    const headers = { ...writeHeaders(who), 'Content-Type': 'application/json' }
    const { response, data } = await ask('/api/reconcile', { method: 'POST', headers, body: JSON.stringify({ items }) })
    const lacks = response.ok && isObject(data) ? data.lacks : undefined
    return Array.isArray(lacks) && lacks.every(path => typeof path === 'string') ? lacks : undefined
  } catch {
    return undefined
  }
}

/** The server does not know what something belongs to, although this phone has its receipt: that looks like a restore. Such a thing is not refused
 * before the server was asked. */
export async function lookTwice(who: string, answered: Answered[], now: number): Promise<Answered[]> {
  const last = await lastAnswer(who)
  const asked = last !== undefined && now - last < PATIENCE_MS.doubt
  return Promise.all(answered.map(async ([sent, verdict]): Promise<Answered> => {
    if (verdict.is === 'again' && verdict.type === 'photo_unlisted' && !sent.row.healing) {
      doubt('doubt')
      if (asked && sent.row.tries > UNLISTED_TRIES) return [sent, { is: 'refused', problem: { type: verdict.type, status: 409, title: '记录里已经没有这张照片，可以导出或删除' } }]
    }
    if (asked || verdict.is !== 'refused' || verdict.problem.status !== 404 || !sent.record || !await wasDelivered(who, sent.record.about, sent.record.path)) return [sent, verdict]
    doubt('doubt')
    return [sent, { is: 'again', why: '正在与服务器核对', waitMs: 1000, type: verdict.problem.type }]
  }))
}

async function wasDelivered(who: string, id: string, besides: string): Promise<boolean> {
  const records = await withStore(who, db => db.getAllFromIndex('records', 'id', id))
  return records.some(record => record.path !== besides && record.receipt !== null)
}
