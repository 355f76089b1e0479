import { signal } from '@preact/signals'
import { learn } from './clock'
import { person } from './person'
import type { Routes } from './wire'
import { APP_VERSION } from './version'

export type Route = keyof Routes
export type Out<R extends Route> = Routes[R]['out']
export type Item<R extends Route> = Out<R> extends { items: (infer T)[] } ? T : never
type Wants<R extends Route> = { [K in 'path' | 'query' | 'body' as undefined extends Routes[R][K] ? never : K]: Routes[R][K] }
type Optional<R extends Route> = Partial<Pick<Routes[R], 'query'>>
type Options<R extends Route> = Wants<R> & Optional<R> & { headers?: Record<string, string> }
type Args<R extends Route> = {} extends { [K in keyof Wants<R> as {} extends Wants<R>[K] ? never : K]: 1 } ? [options?: Partial<Options<R>>] : [options: Options<R>]

export type Retry = 'never' | 'later' | 'after_sign_in'

/** RFC 9457 as the server writes it; `title` is a Chinese sentence and is shown as it is. */
export interface ProblemBody {
  type: string
  title: string
  status: number
  detail?: string
  fields?: Record<string, string[]>
  retry?: Retry
  digest?: string
}

export class ApiProblem extends Error {
  constructor(readonly body: ProblemBody) { super(body.title) }
  get status(): number { return this.body.status }
  get code(): string { return this.body.type }
}

/** No answer of ours came back: no network, a portal page, a broken proxy. Nothing is known about what the server did. */
export class Unreachable extends Error {
  constructor(reason = '网络不通') { super(reason) }
}

const PATIENCE_MS = 20_000

/** A mark of the server's last start, as each of its answers bears it: a server that was started anew may be one that was set back, and JSON without it is a portal's. */
const START = 'Hongling-Start'
export const serverStart = signal<string | null>(null)

/** call('GET /api/issues', { query: { state: 'open' } }): route, arguments and answer are checked against the server's own description. */
export async function call<R extends Route>(route: R, ...[options]: Args<R>): Promise<Out<R>> {
  const { path, query, body, headers } = (options ?? {}) as { path?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown; headers?: Record<string, string> }
  const method = route.slice(0, route.indexOf(' '))
  const init: RequestInit = { method, headers: { ...headers } }
  if (method !== 'GET') Object.assign(init.headers!, writeHeaders(person.value?.id))
  if (body !== undefined) {
    init.body = JSON.stringify(body)
    Object.assign(init.headers!, { 'Content-Type': 'application/json' })
  }
  const { response, data } = await ask(urlOf(route, path, query), init)
  if (response.ok && response.headers.has(START) && (data !== undefined || response.status === 204)) return data as Out<R>
  throw problemOf(response.status, data) ?? new Unreachable(response.ok ? '收到的不是红领通的答复' : `服务器没有正常答复（${response.status}）`)
}

/** Every write says whose it is: a session of someone else's must not put it under another name. */
export function writeHeaders(whose: string | undefined): Record<string, string> {
  const headers: Record<string, string> = { 'Hongling-Sent-At': new Date().toISOString(), 'Hongling-App': APP_VERSION }
  if (whose) headers['Hongling-Person'] = whose
  return headers
}

/** One request with a time limit. Throws Unreachable when nothing came back; `data` is undefined when the answer is not JSON. */
export async function ask(url: string, init: RequestInit, patience = PATIENCE_MS): Promise<{ response: Response; data: unknown }> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), patience)
  init.signal?.addEventListener('abort', () => stop.abort())
  const sentAt = Date.now()
  try {
    const response = await fetch(url, { ...init, signal: stop.signal, credentials: 'same-origin', cache: 'no-store' })
    serverStart.value = response.headers.get(START) ?? serverStart.value
    const data: unknown = response.redirected ? undefined : await response.json().catch(() => undefined) // ours never sends elsewhere
    if (isObject(data) && typeof data.server_time === 'string') learn(data.server_time, sentAt)
    return { response, data }
  } catch {
    throw new Unreachable(stop.signal.aborted ? '网络太慢，没有等到答复' : undefined)
  } finally {
    clearTimeout(timer)
  }
}

/** A problem only if it is in our own form: a proxy's error page is not the server's word. */
export function problemOf(status: number, data: unknown): ApiProblem | undefined {
  if (!isObject(data) || typeof data.type !== 'string' || typeof data.title !== 'string') return undefined
  return new ApiProblem({ ...(data as unknown as ProblemBody), status })
}

export function urlOf(route: string, path?: Record<string, unknown>, query?: Record<string, unknown>): string {
  const template = route.slice(route.indexOf(' ') + 1)
  const url = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(path?.[name])))
  const search = new URLSearchParams(Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== '').map(([key, value]) => [key, String(value)])).toString()
  return search ? `${url}?${search}` : url
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
