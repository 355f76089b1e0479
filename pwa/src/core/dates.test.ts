import { afterEach, expect, test, vi } from 'vitest'
import { ago, dayTime, fromInput, longDay, shortDay, toInput } from './dates'

afterEach(() => vi.useRealTimers())
const at = (iso: string) => vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(iso) })

test('a day is the day in Shanghai', () => {
  expect(longDay('2026-11-22T16:30:00Z')).toBe('2026年11月23日')
})

test.each([
  ['2026-11-22T01:30:00Z', '今天 09:30'], ['2026-11-21T01:30:00Z', '昨天 09:30'], ['2026-11-22T16:10:00Z', '明天 00:10'],
  ['2026-11-27T01:30:00Z', '11月27日 周五 09:30'], ['2027-01-04T01:30:00Z', '2027年1月4日 周一 09:30'],
])('%s is %s', (when, words) => {
  at('2026-11-22T08:00:00Z')
  expect(dayTime(when)).toBe(words)
})

test('the year is shown only when it is another one', () => {
  at('2026-11-22T08:00:00Z')
  expect(shortDay('2026-11-27T08:00:00Z')).toBe('11月27日 周五')
})

test.each([[0, '刚刚'], [59_000, '刚刚'], [61_000, '1 分钟前'], [3_700_000, '1 小时前'], [90_000_000, '1 天前']])('%i ms are %s', (ms, words) => {
  expect(ago(0, ms)).toBe(words)
})

test('a date-time input is in Shanghai, there and back', () => {
  expect(toInput('2026-11-22T16:30:00Z')).toBe('2026-11-23T00:30')
  expect(fromInput('2026-11-23T00:30')).toBe('2026-11-22T16:30:00.000Z')
  expect(fromInput('')).toBe(null)
})
