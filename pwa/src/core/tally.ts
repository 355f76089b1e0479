import { signal } from '@preact/signals'
import { withStore, type OutboxRow } from './db'
import { pocket } from './pocket'

/* What is unsent, written down a second time outside IndexedDB: paths and the time of the oldest, no words. A browser that clears our store does not
   tell; only by this can the phone say that something is gone. */

interface Tally { paths: string[]; oldest: string }
/** What is known of records that the browser threw away. */
export interface Evicted { count: number; oldest: string; kinds: Record<string, number>; noticed_at: string }

const TALLY = 'hongling-unsent-'
const EVICTED = 'hongling-evicted-'
const UNTOLD = 'hongling-untold-'
const MOST_PATHS = 500

/** Of all persons of this phone, until somebody read it. */
export const evicted = signal<Evicted | null>(null)

/** Called with every look at the outbox of a person. Written down at once, so that of two windows the later look has the last word; what is
 * queued no more stays in the tally until it is known to have been delivered. */
export async function reckon(who: string, rows: OutboxRow[]): Promise<void> {
  const queued = [...new Set(rows.map(row => row.owner))]
  const before = pocket.read<Tally>(TALLY + who)
  const suspects = before?.paths.filter(path => !queued.includes(path)) ?? []
  if (!queued.length && !suspects.length) return
  const oldest = rows.reduce((least, row) => row.made_at < least ? row.made_at : least, rows[0]?.made_at ?? before!.oldest)
  const now: Tally = { paths: [...suspects, ...queued].slice(0, MOST_PATHS), oldest }
  if (JSON.stringify(now) !== JSON.stringify(before)) pocket.write(TALLY + who, now)
  await compare(who, suspects)
}

/** One more, as it is saved. */
export function note(who: string, { path, made_at }: { path: string; made_at: string }): void {
  const before = pocket.read<Tally>(TALLY + who)
  const paths = new Set([...before?.paths ?? [], path])
  const oldest = before && before.oldest < made_at ? before.oldest : made_at
  pocket.write(TALLY + who, { paths: [...paths].slice(0, MOST_PATHS), oldest } satisfies Tally)
}

/** At the start, for everybody who left something here, signed in or not. */
export async function reckonAll(): Promise<void> {
  for (const key of pocket.keys(TALLY)) await compare(key.slice(TALLY.length), pocket.read<Tally>(key)?.paths ?? []).catch(() => undefined)
  tell()
}

/** Given up by a decision here: nobody will miss it. Said before it goes, so that no other look takes it for cleared. */
export function letGo(who: string, paths: string[]): void {
  const tally = pocket.read<Tally>(TALLY + who)
  const left = tally?.paths.filter(path => !paths.includes(path)) ?? []
  if (left.length) pocket.write(TALLY + who, { ...tally!, paths: left } satisfies Tally)
  else if (tally) pocket.drop(TALLY + who)
}

/** Of these paths, what is no longer queued must be here as a delivered record; else it is gone. */
async function compare(who: string, suspects: string[]): Promise<void> {
  if (!suspects.length) return
  const known = await withStore(who, async db => {
    const found: Record<string, 'queued' | 'delivered' | 'gone'> = {}
    for (const path of suspects) {
      const queued = await db.countFromIndex('outbox', 'owner', path) > 0
      found[path] = queued ? 'queued' : await db.countFromIndex('records', 'path', path) > 0 ? 'delivered' : 'gone'
    }
    return found
  })
  const tally = pocket.read<Tally>(TALLY + who)
  // What another window found out meanwhile is not counted twice.
  const gone = suspects.filter(path => known[path] === 'gone' && tally?.paths.includes(path))
  letGo(who, suspects.filter(path => known[path] !== 'queued'))
  if (gone.length) mourn(who, gone, tally!.oldest)
}

/** Written down twice, for two who each have to hear of it: the person on the screen, the administrator from the server. */
function mourn(who: string, gone: string[], oldest: string): void {
  const before = pocket.read<Evicted>(EVICTED + who)
  const kinds = { ...before?.kinds }
  for (const path of gone) kinds[path.split('/')[1]!] = (kinds[path.split('/')[1]!] ?? 0) + 1
  pocket.write(EVICTED + who, { count: gone.length + (before?.count ?? 0), oldest: before?.oldest ?? oldest, kinds, noticed_at: new Date().toISOString() } satisfies Evicted)
  pocket.write(UNTOLD + who, gone.length + evictedOf(who))
  tell()
}

function tell(): void {
  const all = pocket.keys(EVICTED).flatMap(key => pocket.read<Evicted>(key) ?? [])
  if (!all.length) return
  const kinds: Record<string, number> = {}
  for (const one of all) for (const [kind, count] of Object.entries(one.kinds)) kinds[kind] = (kinds[kind] ?? 0) + count
  const oldest = all.map(one => one.oldest).sort()[0]!
  evicted.value = { count: all.reduce((sum, one) => sum + one.count, 0), oldest, kinds, noticed_at: all[0]!.noticed_at }
}

export function readEviction(): void {
  for (const key of pocket.keys(EVICTED)) pocket.drop(key)
  evicted.value = null
}

/** How many the server has not heard of yet. */
export function evictedOf(who: string): number {
  return pocket.read<number>(UNTOLD + who) ?? 0
}

/** What was found out since it was `told` is for the next time. */
export function evictionTold(who: string, told: number): void {
  const left = evictedOf(who) - told
  if (left > 0) pocket.write(UNTOLD + who, left)
  else pocket.drop(UNTOLD + who)
}
