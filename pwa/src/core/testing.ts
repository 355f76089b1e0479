import { vi } from 'vitest'
import { deleteDB } from 'idb'
import { close, writeSetting } from './db'
import { person, type Person } from './person'
import { refresh } from './waiting'
import type { Receipt } from './wire'

/** For tests only: invented people, and a server that keeps what it is sent. */
export const AN: Person = { id: 'an', username: 'an', name: '安宁', roles: ['secretary'], area: null, posting: null, server_time: '', version: '1' }
export const BAI: Person = { ...AN, id: 'bai', username: 'bai', name: '白云' }

export async function signedIn(who: Person | null): Promise<void> {
  person.value = who
  await writeSetting('who', who && { person: who, signed_in_at: 0 })
}

/** As a browser that clears a person's store. */
export async function destroy(personId: string): Promise<void> {
  await close(personId)
  await deleteDB(`hongling-${personId}`)
}

/** As a browser that clears it behind an open connection: found out only with the next look. */
export function destroyUnseen(): void {
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(function (this: IDBDatabase) {
    this.close()
    indexedDB.deleteDatabase(this.name)
    throw new DOMException('closing', 'InvalidStateError')
  })
}

export async function wipe(): Promise<void> {
  person.value = null
  for (const who of [AN, BAI]) {
    await destroy(who.id)
  }
  await refresh()
}

export interface Arrived { url: string; method: string; headers: Record<string, string>; body: unknown }
export type Reply = Response | 'lost' | 'lost_after'

/** Answers like the contract: 201 with a receipt, 200 replay, 409 for another body under the same id without If-Match. `plan` may answer instead. */
export class FakeServer {
  arrived: Arrived[] = []
  /** What a phone with unsent work said about itself. */
  reports: object[] = []
  stored = new Map<string, string>()
  /** Its clock; the phone's may be another. */
  now = () => Date.now()
  /** Its mark, another after each start; null: a portal answers in its place. */
  start: string | null = '-'
  /** False: a server from before there were batches. Items of a batch go through `plan` one by one, under their own addresses. */
  knowsBatch = false
  plan: (request: Arrived) => Reply | undefined | Promise<Reply | undefined> = () => undefined

  install(): this {
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      const answer = await this.answer(url, init)
      if (this.start) answer.headers.set('Hongling-Start', this.start)
      return answer
    })
    return this
  }

  private async answer(url: string, init: RequestInit): Promise<Response> {
    const request: Arrived = { url, method: init.method ?? 'GET', headers: init.headers as Record<string, string>, body: init.body }
    if (url.startsWith('/api/devices/')) {
      this.reports.push(JSON.parse(String(init.body)) as object)
      return new Response(null, { status: 204 })
    }
    this.arrived.push(request)
    const planned = await this.plan(request)
    if (planned === 'lost') throw new TypeError('network')
    if (planned instanceof Response) return planned
    const answer = await this.keep(request)
    if (planned === 'lost_after') throw new TypeError('network')
    return answer
  }

  private async keep({ url, method, headers, body }: Arrived): Promise<Response> {
    if (url === '/api/batch' && this.knowsBatch) return this.keepMany(String(body))
    if (url === '/api/reconcile') return json(200, { lacks: (JSON.parse(String(body)) as { items: { path: string; digest: string }[] }).items.filter(item => this.stored.get(item.path) !== item.digest).map(item => item.path), server_time: new Date(this.now()).toISOString() })
    if (method !== 'PUT') return problem(404, 'not_found', 'never')
    const digest = await digestOf(body)
    const before = this.stored.get(url)
    const id = url.split('/')[3]!
    if (before === digest) return json(200, receipt(id, digest, { replayed: true }))
    if (before && headers['If-Match'] !== `"${before}"`) return problem(409, 'digest_differs', 'never', { digest: before })
    this.stored.set(url, digest)
    return json(before ? 200 : 201, receipt(id, digest))
  }

  private async keepMany(text: string): Promise<Response> {
    const { items } = JSON.parse(text) as { items: { path: string; if_match?: string; body: string }[] }
    const results: object[] = []
    for (const item of items) {
      const request: Arrived = { url: item.path, method: 'PUT', headers: item.if_match ? { 'If-Match': `"${item.if_match}"` } : {}, body: item.body }
      const planned = await this.plan(request)
      const answer = planned instanceof Response ? planned : await this.keep(request)
      results.push({ status: answer.status, [answer.ok ? 'receipt' : 'problem']: await answer.json() })
    }
    return json(200, { results })
  }

  /** Paths of the items of each batch that came. */
  batches(): string[][] {
    return this.arrived.filter(request => request.url === '/api/batch').map(request => (JSON.parse(String(request.body)) as { items: { path: string }[] }).items.map(item => item.path))
  }

  puts(path = ''): Arrived[] {
    return this.arrived.filter(request => request.method === 'PUT' && request.url.startsWith(`/api${path}`))
  }
}

export function receipt(id: string, digest: string, more: Partial<Receipt> = {}): Receipt {
  return { id, digest, state: 'stored', held_reason: null, labels: [], photos: [], received_at: '2026-11-22T00:00:00Z', server_time: new Date().toISOString(), replayed: false, ...more }
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } })
}

export function problem(status: number, type: string, retry: 'never' | 'later' | 'after_sign_in', more: object = {}, headers: Record<string, string> = {}): Response {
  return json(status, { type, title: `服务器说：${type}`, status, retry, ...more }, headers)
}

export async function digestOf(body: unknown): Promise<string> {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : new Uint8Array(body as ArrayBuffer)
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(hash, byte => byte.toString(16).padStart(2, '0')).join('')
}
