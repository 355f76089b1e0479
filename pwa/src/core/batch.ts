import { ask, isObject, problemOf, Unreachable, writeHeaders } from './api'
import type { StoredRecord } from './db'
import { backoff, judge, retryAfterMs, type Verdict } from './judge'
import type { Answered, Sending } from './outbox'
import { unseal } from './seal'

/** Many records in one request: on a slow line 200 records are four round trips instead of two hundred. Each item is judged by the judge of single ones. */
export const MOST_ITEMS = 50
const WITHOUT_MS = 3_600_000 // how long a server that knows no batch is not asked for one
const LOST_BEFORE_SMALLER = 3 // a lost answer is mostly the line's doing; again and again it may be the size or one item

let most = MOST_ITEMS
let withoutUntil = 0

/** How many records may leave together now. After a batch that failed as a whole it is half of that, down to one by one, so that one poisoned item
 * cannot stop the others; each success doubles it again. */
export function mostNow(now: number): number {
  return now < withoutUntil ? 1 : most
}

export function wentWell(): void {
  most = Math.min(MOST_ITEMS, most * 2)
}

/** The network is back, or the person asks: what failed before says nothing now. */
export function fullAgain(): void {
  most = MOST_ITEMS
}

export interface Transmitted { answered: Answered[]; unreachable: boolean }

export async function transmitMany(who: string, sendings: Sending[], patience: number): Promise<Transmitted> {
  const records = sendings.map(sending => sending.record!)
  try {
    const headers = { ...writeHeaders(who), 'Content-Type': 'application/json' }
    const { response, data } = await ask('/api/batch', { method: 'POST', headers, body: await bodyOf(who, records) }, patience)
    const results = response.ok && isObject(data) && Array.isArray(data.results) && data.results.length === records.length ? data.results as unknown[] : undefined
    if (!results) return { answered: all(sendings, wholeVerdict(response, data, sendings)), unreachable: false }
    wentWell()
    return { answered: childrenAfterParents(sendings.map((sending, i) => [sending, verdictOf(results[i], records[i]!)])), unreachable: false }
  } catch (error) {
    if (sendings[0]!.row.tries >= LOST_BEFORE_SMALLER) halve(sendings)
    const why = error instanceof Unreachable ? error.message : '没有发出去'
    return { answered: all(sendings, again(why, sendings)), unreachable: error instanceof Unreachable }
  }
}

async function bodyOf(who: string, records: StoredRecord[]): Promise<string> {
  const items = await Promise.all(records.map(async record => ({ method: 'PUT', path: `/api${record.path}`, ...(record.if_match ? { if_match: record.if_match } : {}), body: await unseal(who, record.body) })))
  return JSON.stringify({ items })
}

function verdictOf(result: unknown, record: StoredRecord): Verdict {
  const { status, receipt, problem } = (isObject(result) ? result : {}) as { status?: unknown; receipt?: unknown; problem?: unknown }
  return judge({ status: typeof status === 'number' ? status : 200, data: receipt ?? problem, retryAfter: null }, record)
}

/** What an answer about the batch itself means: nothing is known about any one item. */
function wholeVerdict(response: Response, data: unknown, sendings: Sending[]): Verdict {
  const { status } = response
  if (response.ok) return again('没有收到红领通的回执', sendings) // a portal's page
  const problem = problemOf(status, data)?.body
  if (problem?.retry === 'after_sign_in') return { is: 'sign_in' }
  if (status === 401) return again('没有收到红领通的回执', sendings) // a portal asks for its own sign-in
  if (status === 404 || status === 405) withoutUntil = Date.now() + WITHOUT_MS
  halve(sendings)
  const later = status >= 500 || [408, 425, 429].includes(status) || problem?.retry === 'later'
  if (later && status !== 413) return again(problem?.title ?? `服务器没有正常答复（${status}）`, sendings, retryAfterMs(response.headers.get('Retry-After')))
  return { is: 'not_yet' }
}

function halve(sendings: Sending[]): void {
  most = Math.max(1, sendings.length >> 1)
}

/** They wait equally long, so that they leave together again. */
function again(why: string, sendings: Sending[], afterMs?: number): Verdict {
  return { is: 'again', why, afterMs, waitMs: backoff(Math.max(...sendings.map(one => one.row.tries)), afterMs) }
}

function all(sendings: Sending[], verdict: Verdict): Answered[] {
  return sendings.map(sending => [sending, verdict])
}

/** A child is not to blame when its parent in the same batch did not get through: it waits for it as ever. */
function childrenAfterParents(answered: Answered[]): Answered[] {
  const stayed = new Set<string>()
  return answered.map(([sending, verdict]): Answered => {
    if (verdict.is === 'delivered') return [sending, verdict]
    stayed.add(sending.row.key)
    return [sending, sending.row.after.some(key => stayed.has(key)) ? { is: 'not_yet' } : verdict]
  })
}
