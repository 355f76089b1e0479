import { serverNow } from './clock'

/** Dates as people here read them, always Asia/Shanghai, whatever zone the phone is set to. */
const ZONE = 'Asia/Shanghai'
const PARTS = new Intl.DateTimeFormat('zh-CN', {
  timeZone: ZONE, year: 'numeric', month: 'numeric', day: 'numeric', weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
})

export type When = string | number | Date

function parts(when: When): Record<string, string> {
  return Object.fromEntries(PARTS.formatToParts(new Date(when)).map(part => [part.type, part.value]))
}

/** 2026年11月22日 */
export function longDay(when: When): string {
  const { year, month, day } = parts(when)
  return `${year}年${month}月${day}日`
}

/** 11月22日 周日, with the year only when it is another one */
export function shortDay(when: When): string {
  const { year, month, day, weekday } = parts(when)
  const here = parts(serverNow())
  return `${year === here.year ? '' : `${year}年`}${month}月${day}日 ${weekday}`
}

/** 09:30 */
export function time(when: When): string {
  const { hour, minute } = parts(when)
  return `${hour}:${minute}`
}

/** 今天 09:30, 昨天 09:30, 明天 09:30 or 11月22日 周日 09:30 */
export function dayTime(when: When): string {
  return `${nearDay(when) ?? shortDay(when)} ${time(when)}`
}

/** For the edge of a row: the hour matters only near today. */
export function listTime(when: When): string {
  return nearDay(when) ? dayTime(when) : shortDay(when)
}

/** 今天, 昨天, 明天 or nothing. */
export function nearDay(when: When): string | undefined {
  const apart = dayNumber(when) - dayNumber(serverNow())
  return ({ [-1]: '昨天', 0: '今天', 1: '明天' } as Record<number, string>)[apart]
}

/** Days since 1970 in Shanghai: two moments of one day have one number. */
export function dayNumber(when: When): number {
  return Math.floor((new Date(when).getTime() + 8 * 3_600_000) / 86_400_000)
}

/** 刚刚, 5 分钟前, 2 小时前, 3 天前 */
export function ago(when: When, now: number = Date.now()): string {
  const minutes = Math.floor((now - new Date(when).getTime()) / 60_000)
  if (minutes < 1) return '刚刚'
  if (minutes < 60) return `${minutes} 分钟前`
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} 小时前`
  return `${Math.floor(minutes / 60 / 24)} 天前`
}

/** The value of <input type="datetime-local"> for a moment, and back; both in Shanghai. */
export function toInput(when: When): string {
  return new Date(new Date(when).getTime() + 8 * 3_600_000).toISOString().slice(0, 16)
}

export function fromInput(value: string): string | null {
  return value ? new Date(`${value}:00+08:00`).toISOString() : null
}
