import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { close, withStore } from './db'
import { makeDraft, onlyInWindow } from './draft'
import { save } from './save'
import { AN, signedIn, wipe } from './testing'

const ends: (() => void)[] = [] // an open form goes on keeping itself
const leave = async () => {
  for (const end of ends.splice(0)) end()
  await new Promise(resolve => { setTimeout(resolve, 100) }) // it keeps itself once more as it goes
}
const hide = () => window.dispatchEvent(new Event('pagehide'))
const kept = (key: string) => withStore(AN.id, db => db.get('drafts', key))

beforeEach(async () => {
  await wipe()
  await signedIn(AN)
})
afterEach(leave)

const closed = async () => {
  await close(AN.id)
  const spy = vi.spyOn(indexedDB, 'open').mockImplementation(() => { throw new DOMException('closed', 'UnknownError') })
  return () => spy.mockRestore()
}

interface Rich { said: string; who: string; photos: string[] }
const empty = (): Rich => ({ said: '', who: '', photos: [] })
const rich = async () => {
  const draft = makeDraft<Rich>('visits/new', empty)
  ends.push(draft.start())
  await expect.poll(() => draft.ready.value).toBe(true)
  return draft
}

/** A draft lies there; a form is opened while the store cannot be read, and written in. */
const writtenBlindly = async () => {
  const before = await rich()
  before.set({ said: '楼道灯坏了', who: '李阿姨', photos: ['a'] })
  await expect.poll(() => kept('visits/new')).toBeDefined()
  await leave()
  const again = await closed()
  const blind = await rich()
  expect(blind.value.value).toEqual(empty())
  blind.set({ said: '电梯停了', photos: ['b'] })
  hide()
  await expect.poll(() => onlyInWindow.value).toBe(true)
  return { blind, again }
}

test('a form that opened while the store could not be read joins the draft that lay there', async () => {
  const { blind, again } = await writtenBlindly()
  again()
  hide()
  const both = { said: '电梯停了', who: '李阿姨', photos: ['a', 'b'] }
  await expect.poll(() => blind.value.value).toEqual(both)
  await expect.poll(async () => JSON.parse(String((await kept('visits/new'))?.value))).toEqual(both)
})

test('and so does one whose page was loaded anew meanwhile', async () => {
  const { again } = await writtenBlindly()
  await leave()
  const reloaded = await rich()
  expect(reloaded.value.value).toEqual({ said: '电梯停了', who: '', photos: ['b'] })
  reloaded.set({ said: '电梯又停了' })
  again()
  hide()
  const both = { said: '电梯又停了', who: '李阿姨', photos: ['a', 'b'] }
  await expect.poll(() => reloaded.value.value).toEqual(both)
  await expect.poll(async () => JSON.parse(String((await kept('visits/new'))?.value))).toEqual(both)
})

test('what is saved by a form that could not see the stored draft does not end that one', async () => {
  const before = await rich()
  before.set({ said: '楼道灯坏了' })
  await expect.poll(() => kept('visits/new')).toBeDefined()
  await leave()
  const again = await closed()
  const blind = await rich()
  blind.set({ said: '电梯停了' })
  again()
  await save('PUT /api/visits/{id}', { id: blind.id.value, draft: 'visits/new', body: { posting_id: 'p1', kind: 'household' }, words: '走访' })
  blind.done()
  expect((await rich()).value.value.said).toBe('楼道灯坏了')
})
