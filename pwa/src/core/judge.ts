import { isObject, problemOf, type ProblemBody } from './api'
import type { Receipt } from './wire'

/** What one answer means for one thing in the outbox. Pure: the tables in judge.test.ts are the rule. */
export type Verdict =
  | { is: 'delivered'; receipt: Receipt }
  | { is: 'refused'; problem: ProblemBody } // 需处理: sending the same again would change nothing
  | { is: 'sign_in' } // nothing may leave the queue before the person signed in again
  | { is: 'again'; why: string; afterMs?: number; waitMs?: number; type?: string } // waitMs: exactly so long, as for those that failed together
  | { is: 'not_yet' } // nothing is known about this one: it goes again at once

export interface Answer { status: number; data: unknown; retryAfter: string | null }

export function judge(answer: Answer, sent: { id: string; digest: string }): Verdict {
  const { status, data } = answer
  if (status >= 200 && status < 300) {
    if (isReceipt(data) && data.id === sent.id && data.digest === sent.digest) return { is: 'delivered', receipt: data }
    return { is: 'again', why: '没有收到红领通的回执' } // a portal's page, or somebody else's receipt
  }
  const problem = problemOf(status, data)?.body
  if (status === 401 && problem) return { is: 'sign_in' } // without: a portal asks for its own sign-in
  const later = status >= 500 || [408, 425, 429].includes(status) || problem?.retry === 'later'
  if (problem && !later) return problem.retry === 'after_sign_in' ? { is: 'sign_in' } : { is: 'refused', problem }
  const afterMs = retryAfterMs(answer.retryAfter)
  return { is: 'again', why: problem?.title ?? `服务器没有正常答复（${status}）`, ...(afterMs === undefined ? {} : { afterMs }), ...(problem ? { type: problem.type } : {}) }
}

export function isReceipt(data: unknown): data is Receipt {
  return isObject(data) && typeof data.id === 'string' && typeof data.digest === 'string' && (data.state === 'stored' || data.state === 'held')
}

/** Seconds or a date, as RFC 9110 allows; a date in the past or nonsense counts as absent. */
export function retryAfterMs(value: string | null, now: number = Date.now()): number | undefined {
  if (!value) return undefined
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - now
  return ms > 0 ? Math.min(ms, 3_600_000) : undefined
}

export const BACKOFF_FIRST_MS = 2_000
export const BACKOFF_MOST_MS = 300_000

/** 2 s to 5 min, doubled each time, anywhere in the upper limit (full jitter), never before what the server asked for. There is no last try. */
export function backoff(tries: number, afterMs = 0, random: () => number = Math.random): number {
  const limit = Math.min(BACKOFF_MOST_MS, BACKOFF_FIRST_MS * 2 ** Math.min(Math.max(tries - 1, 0), 20))
  return Math.max(afterMs, Math.round(random() * limit))
}
