import { call } from './api'
import { uuid7 } from './ids'
import { pocket } from './pocket'
import { evictedOf, evictionTold } from './tally'
import { room } from './storage'
import { APP_VERSION } from './version'
import type { Waiting } from './waiting'

/* While work is unsent although the server can be reached, the administrator may know, to help; with the last of it the row goes. A phone that sends
   everything at once is never heard of. */

const EVERY_MS = 600_000
const REST_MS = 60_000
const ID = 'hongling-device-'
const TOLD = 'hongling-told-'

/** `at`: when the server last took a report. `lost`: the answer to one is missing, which may still be on its way and come after the last. */
interface Told { unsent: number; at: number; lost: boolean }

let restUntil = 0

/** Called after a round of sending that reached the server. Never fails: it is help, not work. */
export async function report(who: string, waiting: Waiting, now: number): Promise<void> {
  const told = pocket.read<Told>(TOLD + who)
  const evicted = evictedOf(who)
  if (now < restUntil && restUntil - now <= REST_MS) return
  if (waiting.count === 0 && !told && !evicted) return
  const lately = told && !evicted && now - told.at < EVERY_MS && now >= told.at
  if (lately && (waiting.count > 0) === (told.unsent > 0)) return
  if (waiting.count) pocket.write(TOLD + who, { unsent: waiting.count, at: told?.at ?? now - EVERY_MS, lost: true } satisfies Told)
  try {
    const { persisted, free } = room.value
    const storage = persisted === null ? 'unknown' : persisted ? 'persisted' : 'best_effort'
    await call('PUT /api/devices/{id}', { path: { id: idOf(who) }, body: { unsent: waiting.count, oldest_at: waiting.oldest, version: APP_VERSION, storage, free, evicted } })
    if (evicted) evictionTold(who, evicted)
    // "All sent" is said twice where an earlier report may come after the first: it would stand there for weeks.
    if (waiting.count || told?.lost) pocket.write(TOLD + who, { unsent: waiting.count, at: now, lost: !!waiting.count && !!told?.lost } satisfies Told)
    else pocket.drop(TOLD + who)
  } catch {
    restUntil = now + REST_MS // the next round says it, but not before a server that was busy has had time
  }
}

/** Of this person on this phone: two people who share one are two rows. */
function idOf(who: string): string {
  const known = pocket.read<string>(ID + who)
  if (known) return known
  const fresh = uuid7()
  pocket.write(ID + who, fresh)
  return fresh
}
