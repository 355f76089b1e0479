import { dayNumber, longDay, nearDay, time } from '../core/dates'
import type { Meeting } from './meeting'

/** Chinese for what the server names in codes. */
export const KIND_WORDS: Record<Meeting['kind'], string> = { monthly_branch: '月例会', quarterly_observation: '季度观摩', property_joint: '物业联席会', owners_forum: '业主恳谈会' }
export const KINDS = (Object.keys(KIND_WORDS) as Meeting['kind'][]).map(value => ({ value, words: KIND_WORDS[value] }))

export const STATE_WORDS: Record<Meeting['state'], string> = { planned: '未开始', open: '正在签到', closed: '已结束', cancelled: '已取消' }

export const DO_WORDS = { open: '开始签到', close: '结束会议', cancel: '取消会议' } as const

export const WAY_WORDS: Record<string, string> = { scan: '扫码', host_scan: '出示码', tick: '书记登记' }

export const LABEL_WORDS: Record<string, string> = { offline: '离线签到', late: '补报', clock_wrong: '手机时间不准', time_odd: '时间待核对' }

/** 今天 09:00–10:30, 2026年11月22日 09:00–10:30, 今天 23:00–次日 01:00 */
export function spanOf({ starts_at, ends_at }: Pick<Meeting, 'starts_at' | 'ends_at'>): string {
  const later = dayNumber(ends_at) - dayNumber(starts_at)
  const end = later === 0 ? '' : later === 1 ? '次日 ' : `${longDay(ends_at)} `
  return `${nearDay(starts_at) ?? longDay(starts_at)} ${time(starts_at)}–${end}${time(ends_at)}`
}
