import { serverNow } from '../core/clock'
import { longDay, shortDay, time, toInput } from '../core/dates'
import type { Visit } from './visit'

/** Chinese for what the server names in codes. */
export const KIND_WORDS: Record<string, string> = { household: '居民户', enterprise: '企业', member: '党员', unit: '单位' }
export const KINDS = (['household', 'enterprise', 'member', 'unit'] as const).map(value => ({ value, words: KIND_WORDS[value]! }))

export const LABEL_WORDS: Record<string, string> = {
  late: '补记', offline: '离线记录', clock_wrong: '手机时间不准', time_odd: '时间待核对', near: '在任职单位附近', far: '不在任职单位附近', unsure: '位置不确定', after_posting: '任期结束后送达',
}

/** When to go again, as people say it. */
export const AGAIN = [{ days: 7, words: '一周后' }, { days: 21, words: '三周后' }, { days: 30, words: '一月后' }]

export function dayAfter(days: number): string {
  return toInput(serverNow() + days * 86_400_000).slice(0, 10)
}

const MAYBE_TWICE_MS = 10 * 60_000

/** 上次走访 11月3日 周二, or that the same was noted just now. */
export function beforeWords(visits: Visit[], whom: string, now: number): string | undefined {
  const name = plain(whom)
  const last = name ? visits.filter(one => !one.voided && plain(one.whom) === name).sort((a, b) => a.made_at < b.made_at ? 1 : -1)[0] : undefined
  if (!last) return undefined
  if (now - Date.parse(last.made_at) < MAYBE_TWICE_MS) return '10 分钟内记过同一对象，可能重复；要记也可以照常保存'
  return `上次走访 ${shortDay(last.made_at)}`
}

const plain = (words: string) => words.replace(/\s/g, '')

/** What a label means and that it changes nothing: people must not fear it. */
export const LABEL_HELP: Record<string, string> = {
  late: '走访后过了一段时间才记的', offline: '没有网络时记的，联网后自动上传', clock_wrong: '手机时间与服务器不一致，已按服务器时间校正',
  time_odd: '时间看上去不寻常，请核对', near: '附上的大致位置在任职单位附近', far: '附上的大致位置不在任职单位附近，仅供自己参考', unsure: '位置误差较大，不能判断远近', after_posting: '任期内记的，任期结束后才上传',
}

export function whomOf(visit: Pick<Visit, 'kind' | 'whom' | 'households'>): string {
  const who = visit.whom || KIND_WORDS[visit.kind] || '走访'
  return visit.households && visit.households > 1 ? `${who}（${visit.households} 户）` : who
}

/** 2026年11月22日 09:30–10:10，40 分钟 */
export function spanOf(visit: Pick<Visit, 'started_at' | 'ended_at'>): string {
  const { started_at, ended_at } = visit
  if (!started_at) return ''
  if (!ended_at) return `${longDay(started_at)} ${time(started_at)} 开始`
  const minutes = Math.round((Date.parse(ended_at) - Date.parse(started_at)) / 60_000)
  return `${longDay(started_at)} ${time(started_at)}–${time(ended_at)}，${minutes} 分钟`
}
