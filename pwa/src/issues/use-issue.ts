import { useComputed, type ReadonlySignal } from '@preact/signals'
import { held, isNewer, useHeld, useLocal, useOverlay, type Held, type LocalRecord } from '../core/list'
import { usePages, type Pages } from '../core/pages'
import { progressOf } from '../core/waiting'
import { namesOf, useCategories } from './categories'
import { after, fresher, PATH, shown, shownAction, type Action, type ActionBody, type Detail, type Issue, type IssueBody, type IssueState } from './issue'

export interface OneIssue {
  issue: Issue | undefined
  /** Oldest first, this phone's own among them. */
  actions: Action[]
  server: Held<Detail>
  /** Nothing here and nothing there. */
  missing: boolean
}

/** One issue with its steps: the server's answer, with what this phone knows better laid over it. */
export function useIssue(id: string): OneIssue {
  const unsent = progressOf(PATH(id)).state !== 'delivered'
  const server = useHeld('GET /api/issues/{id}', { path: { id } }, !unsent)
  const local = useLocal<IssueBody>('issues', id)
  const steps = useLocal<ActionBody>('issue-actions', id)
  const names = useNames()
  const record = local.value?.[0]
  const known = server.data.value ?? listed(id)
  const newer = record && isNewer(record.delivered_at, server.asOf.value)
  const base = newer ? shown(record, known, names.value) : known
  const mine = steps.value ?? []
  return { issue: base && after(base, fresher(mine, server.asOf.value, isRefused)), actions: timeline(server.data.value?.actions ?? [], mine), server, missing: server.missing.value && local.value !== undefined }
}

/** Only seen in a list so far: better than nothing where there is no signal. */
function listed(id: string): Issue | undefined {
  return (['open', 'resolved'] as const).flatMap(state => held('GET /api/issues', { query: { state } }).data.value?.items ?? []).find(issue => issue.id === id)
}

/** Server's steps and this phone's, each once, in the order they were made. */
export function timeline(actions: Action[], local: LocalRecord<ActionBody>[]): Action[] {
  const known = new Set(actions.map(action => action.id))
  const all = [...actions, ...local.filter(record => !known.has(record.id)).map(shownAction)]
  return all.sort((a, b) => Date.parse(a.made_at) - Date.parse(b.made_at))
}

export interface IssueListState {
  pages: Pages<Issue>
  items: Issue[]
  /** By issue: the path of a step that is still on this phone. */
  waiting: Map<string, string>
}

/** Issues within reach: open or resolved, as this phone knows them. A step taken without signal moves its issue at once. */
export function useIssues(state: 'open' | 'resolved', q = '', lacking = false): IssueListState {
  const pages = usePages('GET /api/issues', { state, ...(q ? { q } : {}), ...(lacking ? { lacks_photos: true } : {}) })
  const local = useLocal<IssueBody>('issues')
  const steps = useLocal<ActionBody>('issue-actions')
  const names = useNames()
  const laid = useOverlay(pages, local, (record, server) => shown(record, server, names.value))
  const other = held('GET /api/issues', { query: { state: state === 'open' ? 'resolved' : 'open' } })
  const items = useComputed(() => {
    const newer = fresher(steps.value ?? [], pages.asOf.value, isRefused)
    const seen = new Set(laid.value.map(issue => issue.id))
    const stepped = new Set(newer.map(step => step.value.issue_id).filter(id => !seen.has(id)))
    const elsewhere = [...other.data.value?.items ?? [], ...(local.value ?? []).map(record => shown(record, undefined, names.value))]
    const crossed = [...stepped].map(id => elsewhere.find(issue => issue.id === id)).filter(issue => issue !== undefined)
    return [...crossed, ...laid.value].sort(newestFirst).map(issue => after(issue, newer)).filter(issue => inSegment(issue.state, state) && (!q || matches(issue, q)))
  })
  return { pages, items: items.value, waiting: new Map((steps.value ?? []).filter(step => step.delivered_at === null).map(step => [step.value.issue_id, step.path])) }
}

const newestFirst = (a: Issue, b: Issue) => Date.parse(b.made_at) - Date.parse(a.made_at)

export function inSegment(state: IssueState, segment: 'open' | 'resolved'): boolean {
  return (state === 'resolved') === (segment === 'resolved')
}

function matches(issue: Issue, q: string): boolean {
  return [issue.what, issue.more, issue.place_words].some(text => text.toLowerCase().includes(q.toLowerCase()))
}

/** The server refused it: it waits for the person's decision and moves nothing. */
function isRefused(path: string): boolean {
  return progressOf(path).state === 'needs_attention'
}

function useNames(): ReadonlySignal<Map<string, string>> {
  const found = useCategories()
  return useComputed(() => namesOf(found.data.value?.items ?? []))
}
