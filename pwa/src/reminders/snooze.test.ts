import { expect, test } from 'vitest'
import { laters } from './snooze'

const at = (text: string) => Date.parse(`${text}:00+08:00`)

test.each([
  ['2026-11-25T10:00', '2026-12-31T00:00', ['一小时后', '今天下午 3 点', '明天上午 9 点', '三天后上午 9 点']],
  ['2026-11-25T15:00', '2026-12-31T00:00', ['一小时后', '明天上午 9 点', '三天后上午 9 点']],
  ['2026-11-25T10:00', '2026-11-25T14:30', ['一小时后']],
  ['2026-11-25T10:00', '2026-11-25T10:30', []],
])('at %s what ends at %s may come again', (now, ends, words) => {
  expect(laters(at(now), new Date(at(ends)).toISOString()).map(one => one.words)).toEqual(words)
})
