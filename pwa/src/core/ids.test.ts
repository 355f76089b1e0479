import { expect, test } from 'vitest'
import { salt, uuid7 } from './ids'

test('an id is a UUID of version 7 that carries its time', () => {
  const id = uuid7(Date.parse('2030-11-22T08:00:00Z'))
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(Date.parse('2030-11-22T08:00:00Z'))
})

test('ids made in one millisecond are different and sort in the order they were made', () => {
  const now = Date.parse('2031-01-01T00:00:00Z')
  const ids = Array.from({ length: 6000 }, () => uuid7(now))
  expect(new Set(ids).size).toBe(6000)
  expect([...ids].sort()).toEqual(ids)
})

test('a clock that is set back does not break the order', () => {
  const later = uuid7(Date.parse('2032-01-01T00:00:00Z'))
  expect(uuid7(Date.parse('2020-01-01T00:00:00Z')) > later).toBe(true)
})

test('a salt is 128 bits in hex and never the same', () => {
  expect(salt()).toMatch(/^[0-9a-f]{32}$/)
  expect(salt()).not.toBe(salt())
})
