import { computed, signal } from '@preact/signals'
import { onChange } from './bell'
import { withStore, write, type OutboxRow, type StoredRecord } from './db'
import { isPhoto, stateOf, type State } from './outbox'
import { person } from './person'
import { note, reckon } from './tally'

/** What this phone still has to send, live in every tab: 待上传 n · 最早 …, and a mark beside each record. */
export const rows = signal<OutboxRow[]>([])
/** The store was read: only then does an empty list say that all is delivered. */
export const known = signal(false)
export const noneWords = computed(() => known.value ? '都已送达' : '暂时读不到本机记录')
/** Signed out by the server: nothing leaves the queue until the person signed in again. */
export const paused = signal(false)
/** Words for each waiting record, so that the list can be read without opening bodies. */
export const words = signal<Map<string, string>>(new Map())

/** Bodies that gave way to the server's (see attention.ts) and are still here. */
export const asidesCount = signal(0)
/** Drafts whose key begins so. */
export const ASIDE = 'aside/'
const DRAFT = `${ASIDE}draft/`

/** The key under which a draft is kept aside, and back again; undefined for what is no draft. */
export function asideOf({ key, updated_at }: { key: string; updated_at: number }): string {
  return `${DRAFT}${updated_at}/${key}`
}
export function draftOf(aside: string): string | undefined {
  return aside.startsWith(DRAFT) ? aside.slice(DRAFT.length).replace(/^\d+\//, '') : undefined
}
/** How many photos each waiting record lists, for 照片 2/3. */
const photoTotals = signal<Map<string, number>>(new Map())

export interface Waiting { count: number; attention: number; oldest: string | null }

export const waiting = computed<Waiting>(() => {
  const owners = new Set(rows.value.map(row => row.owner))
  const refused = new Set(rows.value.filter(row => row.problem).map(row => row.owner))
  const oldest = rows.value.reduce<string | null>((least, row) => least === null || row.made_at < least ? row.made_at : least, null)
  return { count: owners.size, attention: refused.size, oldest }
})

export interface Progress { state: State; row: OutboxRow | undefined; photosLeft: number; photosAll: number }

/** How far a record has come: the worst of its versions and photos. Read inside a component it stays live. */
export function progressOf(path: string): Progress {
  const mine = rows.value.filter(row => row.owner === path)
  const at = { now: Date.now(), paused: paused.value }
  const rank: State[] = ['needs_attention', 'sending', 'paused', 'queued', 'delivered']
  const worst = mine.map(row => ({ row, state: stateOf(row, at) })).sort((a, b) => rank.indexOf(a.state) - rank.indexOf(b.state))[0]
  return { state: worst?.state ?? 'delivered', row: worst?.row, photosLeft: mine.filter(isPhoto).length, photosAll: photoTotals.value.get(path) ?? 0 }
}

/** The same for one photo. */
export function photoState(id: string): State {
  return stateOf(rows.value.find(row => row.key === `/photos/${id}`), { now: Date.now(), paused: paused.value })
}

/** Just saved: until the next look at the store, so that the page which opens never shows it as delivered, and a store cleared meanwhile is missed. */
export function expect(who: string, record: StoredRecord, saved: OutboxRow[]): void {
  rows.value = [...rows.value.filter(row => row.owner !== record.path), ...saved]
  words.value = new Map(words.value).set(record.path, record.words)
  photoTotals.value = new Map(photoTotals.value).set(record.path, record.photos.length)
  note(who, record)
}

/** Read the store again. Cheap: the outbox holds only what is unsent. */
export async function refresh(): Promise<void> {
  const who = person.value?.id
  if (!who) {
    rows.value = []
    known.value = false
    return
  }
  const found = await look(who).catch(error => {
    known.value = false
    throw error
  })
  if (person.value?.id !== who) return
  rows.value = found.all
  known.value = true
  words.value = found.named
  photoTotals.value = found.totals
  asidesCount.value = found.asides
  paused.value = found.paused
  await reckon(who, found.all)
}

function look(who: string) {
  return withStore(who, async db => {
    const tx = db.transaction(['outbox', 'records', 'meta', 'drafts'])
    const records = tx.objectStore('records')
    const [all, kept, stopped] = await Promise.all([
      tx.objectStore('outbox').index('order').getAll(), tx.objectStore('drafts').count(IDBKeyRange.bound(ASIDE, `${ASIDE}\uffff`)), tx.objectStore('meta').get('paused'),
    ])
    const listed = new Set(all.filter(row => !isPhoto(row)).map(row => row.owner))
    // Of a photo that waits alone the record is delivered.
    const found = await Promise.all(all.map(async row => {
      if (!isPhoto(row)) return records.get(row.key)
      return listed.has(row.owner) ? undefined : (await records.index('path').getAll(row.owner)).at(-1)
    }))
    const named = new Map<string, string>()
    const totals = new Map<string, number>()
    for (const [i, record] of found.entries()) {
      if (!record) continue
      named.set(all[i]!.owner, record.words)
      totals.set(all[i]!.owner, record.photos.length)
    }
    return { all, named, totals, asides: kept, paused: stopped === true }
  })
}

export async function setPaused(who: string, value: boolean): Promise<void> {
  await write(who, ['meta'], async tx => { await tx.objectStore('meta').put(value, 'paused') })
  if (person.value?.id === who) paused.value = value
}

onChange(() => void refresh().catch(() => undefined)) // `known` says that the store was not read
