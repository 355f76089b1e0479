import { expect, test, vi } from 'vitest'
import { locate } from './place'

type Reading = { accuracy: number; age?: number } | { code: 1 | 2 | 3 }
const NOW = Date.parse('2026-11-22T08:00:00Z')

function readings(...list: Reading[]): { asked: number } {
  const told = { asked: 0 }
  const getCurrentPosition = (good: PositionCallback, bad: PositionErrorCallback) => {
    const reading = list[Math.min(told.asked++, list.length - 1)]!
    if ('code' in reading) bad({ code: reading.code, PERMISSION_DENIED: 1, POSITION_UNAVAILABLE: 2, TIMEOUT: 3, message: '' } as GeolocationPositionError)
    else good({ coords: { latitude: 35.1, longitude: 118.3, accuracy: reading.accuracy }, timestamp: NOW - (reading.age ?? 0) } as GeolocationPosition)
  }
  vi.stubGlobal('navigator', { geolocation: { getCurrentPosition } })
  return told
}
const find = () => locate(() => NOW)

test('one good reading is enough', async () => {
  const told = readings({ accuracy: 12.4 })
  expect(await find()).toEqual({ latitude: 35.1, longitude: 118.3, accuracy: 12, fixed_at: '2026-11-22T08:00:00.000Z', datum: 'wgs84' })
  expect(told.asked).toBe(1)
})

test('of three readings the most accurate is kept, and there is no fourth', async () => {
  const told = readings({ accuracy: 400 }, { accuracy: 80 }, { accuracy: 200 }, { accuracy: 5 })
  expect((await find()).accuracy).toBe(80)
  expect(told.asked).toBe(3)
})

test('a reading older than a minute is not used', async () => {
  readings({ accuracy: 5, age: 61_000 })
  await expect(find()).rejects.toThrow('没有取到')
})

test('one failure among readings does no harm', async () => {
  readings({ code: 3 }, { accuracy: 25 })
  expect((await find()).accuracy).toBe(25)
})

test('denied is said once, without asking again, and the record can be saved without', async () => {
  const told = readings({ code: 1 })
  await expect(find()).rejects.toThrow(/没有位置权限.*不附位置/)
  expect(told.asked).toBe(1)
})

test('after twenty seconds it stops asking', async () => {
  const told = readings({ code: 3 })
  let now = NOW
  await expect(locate(() => now += 15_000)).rejects.toThrow('不附位置')
  expect(told.asked).toBeLessThanOrEqual(2)
})
