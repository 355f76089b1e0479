import { serverNow } from '../core/clock'
import { time, toInput } from '../core/dates'
import type { Issue, IssueState } from './issue'
import { workdaysBetween } from './workdays'

/** Chinese for what the server names in codes. */
export const STATE_WORDS: Record<IssueState, string> = { registered: '已登记', in_progress: '办理中', resolved: '已办结' }

/** From → where a step may take it, with what the button says; null leaves the state as it is. The server's rules.MOVES decides. */
export const STEPS: Record<IssueState, { value: IssueState | null; words: string }[]> = {
  registered: [{ value: 'in_progress', words: '开始办理' }, { value: 'resolved', words: '已办结' }, { value: null, words: '只记情况' }],
  in_progress: [{ value: null, words: '有进展' }, { value: 'resolved', words: '已办结' }],
  resolved: [{ value: null, words: '补充情况' }, { value: 'in_progress', words: '重新办理' }],
}

/** What a step did, for the timeline. */
export function stepWords(state: IssueState | null): string {
  return state ? { registered: '退回登记', in_progress: '开始办理', resolved: '办结' }[state] : '记进展'
}

export const LABEL_WORDS: Record<string, string> = {
  late: '补记', offline: '离线记录', clock_wrong: '手机时间不准', time_odd: '时间待核对', after_posting: '任期结束后送达',
  category_unknown: '类别已归入其他', visit_unknown: '所属走访还没有送达',
}

export const LABEL_HELP: Record<string, string> = {
  late: '发现后过了一段时间才记的', offline: '没有网络时记的，联网后自动上传', clock_wrong: '手机时间与服务器不一致，已按服务器时间校正',
  time_odd: '时间看上去不寻常，请核对', after_posting: '任期内记的，任期结束后才上传', category_unknown: '手机里的类别表较旧，可以更正类别', visit_unknown: '走访送达后自动连上',
}

export interface DueMark { words: string; kind?: 'wait' | 'red' }

/** 剩2个工作日, 今天17:30前, 已超期: for the person who answers for it and nobody else. */
export function dueMark(issue: Pick<Issue, 'state' | 'due_on' | 'due_at'>, now: number = serverNow()): DueMark | undefined {
  if (issue.state === 'resolved' || !issue.due_on) return undefined
  if (now > Date.parse(issue.due_at)) return { words: '已超期', kind: 'red' }
  const today = toInput(now).slice(0, 10)
  if (issue.due_on <= today) return { words: `今天${time(issue.due_at)}前`, kind: 'wait' }
  const left = workdaysBetween(today, issue.due_on)
  return { words: `剩${left}个工作日`, ...(left <= 1 ? { kind: 'wait' } : {}) }
}

/** 停车交通 · 3号楼东侧 */
export function whereOf(issue: Pick<Issue, 'category_name' | 'place_words'>): string {
  return [issue.category_name, issue.place_words].filter(Boolean).join(' · ')
}
