import { call } from '../core/api'
import { serverNow } from '../core/clock'
import { dayTime, fromInput, toInput } from '../core/dates'
import { choose, toast } from '../core/ui'

const HOUR_MS = 3_600_000

export interface Later { value: string; words: string }

/** When it may come again: before what it is about, and never at a moment that is past. */
export function laters(now: number, expires_at: string): Later[] {
  const today = toInput(now).slice(0, 10)
  const tomorrow = toInput(now + 24 * HOUR_MS).slice(0, 10)
  const found = [
    { value: new Date(now + HOUR_MS).toISOString(), words: '一小时后' },
    { value: fromInput(`${today}T15:00`)!, words: '今天下午 3 点' },
    { value: fromInput(`${tomorrow}T09:00`)!, words: '明天上午 9 点' },
    { value: new Date(Date.parse(fromInput(`${today}T09:00`)!) + 3 * 24 * HOUR_MS).toISOString(), words: '三天后上午 9 点' },
  ]
  return found.filter(one => Date.parse(one.value) > now && one.value < new Date(expires_at).toISOString())
}

export async function snooze(reminder: { id: string; title: string; expires_at: string }): Promise<boolean> {
  const choices = laters(serverNow(), reminder.expires_at)
  if (!choices.length) {
    toast('事情马上就到了，不能再推后')
    return false
  }
  const until = await choose(choices, reminder.title)
  if (!until) return false
  try {
    await call('PUT /api/reminders/{id}/snooze', { path: { id: reminder.id }, body: { until } })
    toast(`${dayTime(until)}再提醒您`, 'done')
    return true
  } catch (error) {
    toast((error as Error).message, 'warn')
    return false
  }
}
