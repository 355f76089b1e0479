import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { close, withStore, write } from './db'
import { makeDraft, onlyInWindow } from './draft'
import { isTight, mayKeepPhotos, measure, protect, room } from './storage'
import { AN, signedIn, wipe } from './testing'

const browser = navigator
const storage = (more: object) => vi.stubGlobal('navigator', { storage: { persist: async () => true, persisted: async () => false, estimate: async () => ({ quota: 100, usage: 50 }), ...more } })

beforeEach(async () => {
  sessionStorage.clear()
  await wipe()
  await signedIn(AN)
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.stubGlobal('navigator', browser)
})

test.each([
  [50, false, true], [81, true, true], [80, false, true], [90, true, true], [91, true, false], [100, true, false],
])('with %i percent used: tight %s, photos %s', async (usage, tight, photos) => {
  storage({ estimate: async () => ({ quota: 100, usage }) })
  await measure()
  expect([isTight(), mayKeepPhotos()]).toEqual([tight, photos])
})

test('a browser that says nothing about its room stops nobody', async () => {
  vi.stubGlobal('navigator', {})
  room.value = { persisted: null, free: null, left: null }
  await measure()
  expect([isTight(), mayKeepPhotos()]).toEqual([false, true])
})

test('the browser is asked to keep the store until it says yes, and its word is recorded', async () => {
  const persist = vi.fn<() => Promise<boolean>>(async () => false)
  storage({ persist })
  await protect(AN.id)
  expect(await withStore(AN.id, db => db.get('meta', 'persisted'))).toBe(false)
  persist.mockResolvedValue(true)
  await protect(AN.id)
  await protect(AN.id)
  expect(persist).toHaveBeenCalledTimes(2)
  expect(await withStore(AN.id, db => db.get('meta', 'persisted'))).toBe(true)
})

test('a connection that the phone closed is opened again and the work done once more', async () => {
  await write(AN.id, ['meta'], async tx => { await tx.objectStore('meta').put(1, 'here') })
  const transaction = IDBDatabase.prototype.transaction
  let failures = 1
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...args) {
    if (failures-- > 0) throw new DOMException('Connection to Indexed Database server lost', 'UnknownError')
    return transaction.apply(this, args)
  })
  expect(await withStore(AN.id, async db => db.transaction('meta').store.get('here'))).toBe(1)
})

test('when the store does not open at all, the text stays with the window and comes back from there', async () => {
  await close(AN.id)
  const spy = vi.spyOn(indexedDB, 'open').mockImplementation(() => { throw new DOMException('lost', 'UnknownError') })
  const draft = makeDraft<{ said: string }>('visits/new', () => ({ said: '' }))
  const stop = draft.start()
  await vi.waitFor(() => expect(draft.ready.value).toBe(true))
  draft.set({ said: '写了一半' })
  window.dispatchEvent(new Event('pagehide'))
  await vi.waitFor(() => expect(onlyInWindow.value).toBe(true))
  stop()
  await new Promise(resolve => setTimeout(resolve, 20))
  spy.mockRestore()
  const again = makeDraft<{ said: string }>('visits/new', () => ({ said: '' }))
  const end = again.start()
  await vi.waitFor(() => expect(again.ready.value).toBe(true))
  expect(again.value.value.said).toBe('写了一半')
  again.set({ said: '写了一半，又写' })
  window.dispatchEvent(new Event('pagehide'))
  await vi.waitFor(() => expect(onlyInWindow.value).toBe(false))
  expect(sessionStorage.length).toBe(0)
  end()
})
