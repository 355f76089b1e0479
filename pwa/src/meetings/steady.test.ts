import { expect, test } from 'vitest'
import { offset } from '../core/clock'
import { steadyClock } from './steady'

function clock(guessMs?: number) {
  const time = { wall: 1_000_000, ticks: 500 }
  const steady = steadyClock(guessMs, { wall: () => time.wall, ticks: () => time.ticks })
  const pass = (ms: number) => { time.wall += ms; time.ticks += ms }
  return { steady, time, pass }
}

test('setting the computer’s clock an hour on or back changes nothing', () => {
  offset.value = { ms: 2_000, measured_at: 0 }
  const { steady, time, pass } = clock()
  expect(steady.now()).toBe(1_002_000)
  pass(5_000)
  time.wall += 3_600_000
  expect(steady.now()).toBe(1_007_000)
  time.wall -= 7_200_000
  expect(steady.now()).toBe(1_007_000)
  steady.stop()
})

test('a new measure sets it right, and the computer’s own error cancels out', () => {
  offset.value = null
  const { steady, time, pass } = clock()
  time.wall += 3_600_000 // set wrong
  pass(1_000)
  offset.value = { ms: 1_001_500 - time.wall, measured_at: time.wall }
  expect(steady.now()).toBe(1_001_500)
  steady.stop()
})

test('without network it starts from what was known when the key came', () => {
  offset.value = null
  const { steady } = clock(-4_000)
  expect(steady.now()).toBe(996_000)
  steady.stop()
})
