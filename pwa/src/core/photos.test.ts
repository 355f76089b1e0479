import { describe, expect, it } from 'vitest'
import { listedAgain } from './photos'

const photo = (id: string) => ({ id, digest: `digest of ${id}`, bytes: 7, stage: 'before' as const })

describe('the photos that a correction names again', () => {
  it('are those of the record, in its order', () => {
    expect(listedAgain([{ id: 'b' }, { id: 'a' }], [photo('a'), photo('b'), photo('c')])).toEqual([photo('b'), photo('a')])
  })
  it('are none when the record has none', () => {
    expect(listedAgain([], [])).toEqual([])
  })
  it('are not known while the list is on its way', () => {
    expect(listedAgain([], undefined)).toBeUndefined()
  })
  it('are not known while the list, kept from earlier, misses one', () => {
    expect(listedAgain([{ id: 'a' }, { id: 'b' }], [photo('a')])).toBeUndefined()
  })
})
