import { readSetting, writeSetting } from '../core/db'
import { serverNow } from '../core/clock'
import { ApiProblem, call, type Out } from '../core/api'
import { judge } from '../core/judge'

/** A code opened from outside the app: the server says at once that it was fresh, and gives five minutes to sign in. The claim lies on the phone
 * under no person's name, so that it outlives the sign-in page, and goes the moment it is used. */
export type Claim = Out<'POST /api/claims'>

interface Kept extends Claim { code: string }

const KEY = 'claim'

export async function keptClaim(code: string): Promise<Claim | undefined> {
  const kept = await readSetting<Kept | null>(KEY).catch(() => undefined)
  return kept && kept.code === code && Date.parse(kept.expires_at) > serverNow() ? kept : undefined
}

/** The kept one, or a new one from the server; throws what `call` throws. */
export async function claimFor(code: string): Promise<Claim> {
  const kept = await keptClaim(code)
  if (kept) return kept
  const claim = await call('POST /api/claims', { body: { code } })
  await writeSetting(KEY, { ...claim, code } satisfies Kept).catch(() => undefined)
  return claim
}

/** The server judged the code. All else (too many at once, a restart, no network) says nothing about it, and another try may. */
export function isRefusal(error: unknown): error is ApiProblem {
  return error instanceof ApiProblem && judge({ status: error.status, data: error.body, retryAfter: null }, { id: '', digest: '' }).is === 'refused'
}

export function dropClaim(): Promise<void> {
  return writeSetting(KEY, null).catch(() => undefined)
}

/** 4 分 30 秒 until the claim ends; nothing when it has. */
export function leftOf(claim: Claim, now: number = serverNow()): string | undefined {
  const seconds = Math.floor((Date.parse(claim.expires_at) - now) / 1000)
  if (seconds <= 0) return undefined
  return seconds >= 60 ? `${Math.floor(seconds / 60)} 分 ${seconds % 60} 秒` : `${seconds} 秒`
}
