import { expect, test } from 'vitest'
import { nextList } from '../generations'

test.each([
  ['the first build', { current: [], previous: [] }, ['a1'], []],
  ['the next one keeps the files of the one before', { current: ['a1'], previous: [] }, ['a2'], ['a1']],
  ['the third lets those of the first go', { current: ['a2'], previous: ['a1'] }, ['a3'], ['a2']],
  ['the same build again is no generation', { current: ['a2', 'b1'], previous: ['a1'] }, ['b1', 'a2'], ['a1']],
  ['a part that stayed is in both', { current: ['a1', 'b1'], previous: [] }, ['a2', 'b1'], ['a1', 'b1']],
])('%s', (_, before, made, previous) => {
  expect(nextList(before, made)).toEqual({ current: made, previous })
})
