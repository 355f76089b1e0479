import { signal, useComputed, useSignal, type ReadonlySignal, type Signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ApiProblem, call, type Out, type Route } from './api'
import { onChange } from './bell'
import { withStore, write, type Cached, type StoredRecord } from './db'
import { person } from './person'
import { unseal } from './seal'
import type { Routes } from './wire'

/** Server answers that can be read without signal. What was seen last is shown at once with its time, then the server is asked. */
export interface Held<T> {
  data: Signal<T | undefined>
  /** When the server said so; null while nothing was ever loaded. */
  asOf: Signal<number | null>
  loading: Signal<boolean>
  /** A Chinese sentence, or null. */
  error: Signal<string | null>
  /** 404: out of reach or not there. */
  missing: Signal<boolean>
  refresh(): Promise<void>
}

type GetRoute = Extract<Route, `GET ${string}`>
type Ask<R extends GetRoute> = { path?: Routes[R]['path']; query?: Routes[R]['query'] }

const memory = new Map<string, Held<unknown>>()

/** One answer, cached by route and arguments; every component that asks for the same shares it. */
export function held<R extends GetRoute>(route: R, ask: Ask<R> = {}): Held<Out<R>> {
  const key = keyOf(route, ask)
  const known = memory.get(key)
  if (known) return known as Held<Out<R>>
  const data = signal<Out<R> | undefined>(undefined)
  const one: Held<Out<R>> = { data, asOf: signal(null), loading: signal(false), error: signal(null), missing: signal(false), refresh: () => load(one, key, route, ask) }
  memory.set(key, one as Held<unknown>)
  return one
}

function keyOf<R extends GetRoute>(route: R, ask: Ask<R>): string {
  return `${person.value?.id} ${route} ${JSON.stringify([ask.path ?? null, ask.query ?? null])}`
}

/** Use it in a component: shows the cache, asks the server once per visit of the page, when the network is back, and again when `when` turns true (a record is not asked for before it was sent). */
export function useHeld<R extends GetRoute>(route: R, ask: Ask<R> = {}, when = true): Held<Out<R>> {
  const one = held(route, ask)
  useEffect(() => {
    if (!when) return undefined
    const look = () => void one.refresh()
    look()
    window.addEventListener('online', look)
    return () => window.removeEventListener('online', look)
  }, [one, when])
  return one
}

/** What was seen last, from memory or disk; the server is not asked, so it never waits for a slow network. */
export async function lastSeen<R extends GetRoute>(route: R, ask: Ask<R> = {}): Promise<Out<R> | undefined> {
  const one = held(route, ask)
  if (person.value) await recall(one, person.value.id, keyOf(route, ask))
  return one.data.value
}

/** Forget what is in memory: another person must not see it. */
export function forgetLists(): void {
  memory.clear()
}

async function load<R extends GetRoute>(one: Held<Out<R>>, key: string, route: R, ask: Ask<R>): Promise<void> {
  const who = person.value?.id
  if (one.loading.value) return
  one.loading.value = true
  try {
    if (who) await recall(one, who, key)
    const as_of = Date.now() // when it was asked: what is delivered while the answer is on its way may be missing in it
    const data = await (call as (route: Route, options: unknown) => Promise<Out<R>>)(route, ask)
    Object.assign(one.data, { value: data })
    Object.assign(one.asOf, { value: as_of })
    one.error.value = null
    one.missing.value = false
    if (who && person.value?.id === who) await write(who, ['cache'], async tx => { await tx.objectStore('cache').put({ key, as_of, value: data } satisfies Cached) }).catch(() => undefined)
  } catch (error) {
    one.missing.value = error instanceof ApiProblem && error.status === 404
    one.error.value = error instanceof ApiProblem && error.status === 401 ? '登录已过期，请重新登录' : error instanceof Error ? error.message : '没有取到'
  } finally {
    one.loading.value = false
  }
}

async function recall<T>(one: Held<T>, who: string, key: string): Promise<void> {
  if (one.asOf.value !== null) return
  const kept = await withStore(who, db => db.get('cache', key)).catch(() => undefined)
  if (!kept || one.asOf.value !== null) return
  one.data.value = kept.value as T
  one.asOf.value = kept.as_of
}

/** A record of this phone with its body opened. */
export interface LocalRecord<B> extends StoredRecord { value: B }

/** The newest version of each record of a kind on this phone, newest first; live. `about` limits to what belongs to one record. */
export function useLocal<B>(kind: string, about?: string): ReadonlySignal<LocalRecord<B>[] | undefined> {
  const found = useSignal<LocalRecord<B>[] | undefined>(undefined)
  useEffect(() => {
    let here = true
    const look = async () => {
      const list = await readLocal<B>(kind, about).catch(() => undefined)
      if (here && list) found.value = list
    }
    void look()
    const stop = onChange(() => void look())
    return () => { here = false; stop() }
  }, [kind, about])
  return found
}

export async function readLocal<B>(kind: string, about?: string): Promise<LocalRecord<B>[]> {
  const who = person.value?.id
  if (!who) return []
  const all = await withStore(who, db => about ? db.getAllFromIndex('records', 'about', about) : db.getAllFromIndex('records', 'kind', kind))
  const newest = new Map<string, StoredRecord>()
  for (const record of all) {
    if (record.kind === kind && (newest.get(record.path)?.version ?? 0) < record.version) newest.set(record.path, record)
  }
  const opened = await Promise.all([...newest.values()].map(async record => Object.assign(record, { value: JSON.parse(await unseal(who, record.body)) as B })))
  return opened.sort((a, b) => b.made_at < a.made_at ? -1 : 1)
}

/** Server items with this phone's own newer work laid over them: a record counts as soon as it was saved, and never twice. */
export function useOverlay<T extends { id: string }, B>(one: Held<{ items: T[] }>, local: ReadonlySignal<LocalRecord<B>[] | undefined>, show: (record: LocalRecord<B>, server: T | undefined) => T): ReadonlySignal<T[]> {
  return useComputed(() => overlay(one.data.value?.items ?? [], one.asOf.value, local.value ?? [], show))
}

/** Whether this phone knows it better than an answer asked for at `asOf`. A delivery in the future was dated by a clock that has been put right since. */
export function isNewer(delivered_at: number | null, asOf: number | null): boolean {
  return delivered_at === null || asOf === null || (delivered_at > asOf && delivered_at <= Date.now())
}

export function overlay<T extends { id: string }, B>(items: T[], asOf: number | null, local: LocalRecord<B>[], show: (record: LocalRecord<B>, server: T | undefined) => T): T[] {
  const newer = local.filter(record => isNewer(record.delivered_at, asOf))
  const byId = new Map(newer.map(record => [record.id, record]))
  const known = new Set(items.map(item => item.id))
  return [...newer.filter(record => !known.has(record.id)).map(record => show(record, undefined)), ...items.map(item => {
    const record = byId.get(item.id)
    return record ? show(record, item) : item
  })]
}
