import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { close, withStore } from './db'
import { AUTOSAVE_MS, dirty, makeDraft, onlyInWindow } from './draft'
import { keepPhoto } from './photos'
import { save } from './save'
import { AN, BAI, signedIn, wipe } from './testing'

interface Form { said: string }
const fresh = (): Form => ({ said: '' })
const kept = (key: string) => withStore(AN.id, db => db.get('drafts', key))
const wait = (ms: number) => new Promise(resolve => { setTimeout(resolve, ms) })
const opened = async (key: string, options = {}) => {
  const draft = makeDraft<Form>(key, fresh, options)
  const end = draft.start()
  ends.push(end)
  await expect.poll(() => draft.ready.value).toBe(true)
  return { draft, end }
}

const ends: (() => void)[] = [] // an open form goes on keeping itself
afterEach(() => { for (const end of ends.splice(0)) end() })

beforeEach(async () => {
  await wipe()
  await signedIn(AN)
  dirty.value = 0
})

test('within two seconds of the last change the form is on the disk, and a kill brings back exactly it with the same id', async () => {
  const { draft } = await opened('visits/new')
  draft.set({ said: '楼道灯' })
  draft.set({ said: '楼道灯坏了' })
  expect(AUTOSAVE_MS).toBeLessThan(2000)
  await wait(AUTOSAVE_MS + 300)
  const { draft: again } = await opened('visits/new')
  expect(again.value.value).toEqual({ said: '楼道灯坏了' })
  expect(again.id.value).toBe(draft.id.value)
  expect(again.restored.value).toBeGreaterThan(0)
})

test('going to the background keeps at once', async () => {
  const { draft } = await opened('visits/new')
  draft.set({ said: '半句' })
  window.dispatchEvent(new Event('pagehide'))
  await expect.poll(async () => (await kept('visits/new'))?.value, { timeout: AUTOSAVE_MS / 2 }).toBe('{"said":"半句"}')
})

test('a draft of one form or record never turns up in another', async () => {
  const { draft, end } = await opened('visits/new')
  draft.set({ said: '走访' })
  end()
  await expect.poll(() => kept('visits/new')).toBeDefined()
  expect((await opened('issues/new')).draft.value.value).toEqual({ said: '' })
  expect((await opened('visits/v1', { id: 'v1' })).draft).toMatchObject({ id: { value: 'v1' } })
})

test('a draft of one person is not there for another', async () => {
  const { draft, end } = await opened('visits/new')
  draft.set({ said: '走访' })
  end()
  await expect.poll(() => kept('visits/new')).toBeDefined()
  await signedIn(BAI)
  expect((await opened('visits/new')).draft.value.value).toEqual({ said: '' })
})

test('after a save the draft is gone and a late autosave does not bring it back', async () => {
  const { draft } = await opened('visits/new')
  draft.set({ said: '走访' })
  await save('PUT /api/visits/{id}', { id: draft.id.value, draft: draft.key, body: { posting_id: 'p', kind: 'household' }, words: '走访' })
  draft.done()
  window.dispatchEvent(new Event('pagehide'))
  await wait(AUTOSAVE_MS + 200)
  expect(await kept('visits/new')).toBeUndefined()
  expect(dirty.value).toBe(0)
})

/** The moment at which a save queues up for the disk: whatever wants to keep the draft now would come after it. */
function atSaving(act: () => void) {
  const transaction = IDBDatabase.prototype.transaction
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(function (this: IDBDatabase, ...args) { // the first is for seq
    return transaction.apply(this, args)
  }).mockImplementationOnce(function (this: IDBDatabase, ...args) {
    setTimeout(act)
    const begun = transaction.apply(this, args)
    act()
    return begun
  })
}
const hide = () => window.dispatchEvent(new Event('pagehide'))
const saved = (id: string, key: string) => save('PUT /api/visits/{id}', { id, draft: key, body: { posting_id: 'p', kind: 'household' }, words: '走访' })

test.each([
  ['the app goes to the background', false, false],
  ['the page is left', true, false],
  ['the app goes to the background, sealed', false, true],
  ['the page is left, sealed', true, true],
])('a draft is not kept behind the back of its save: %s', async (_, leave, sealed) => {
  const { draft, end } = await opened('visits/new', { sealed })
  draft.set({ said: '楼道灯坏了' })
  hide()
  await expect.poll(() => kept('visits/new')).toBeDefined()
  atSaving(leave ? end : hide)
  await saved(draft.id.value, 'visits/new')
  draft.done()
  await wait(100)
  expect(await kept('visits/new')).toBeUndefined()
})

test('a save that fails leaves the draft, with what was written last; of two saves the one that ended it counts', async () => {
  const { draft } = await opened('visits/new')
  draft.set({ said: '楼道灯' })
  vi.spyOn(crypto.subtle, 'digest').mockRejectedValueOnce(new Error('no'))
  const failed = saved(draft.id.value, 'visits/new')
  hide()
  await expect(failed).rejects.toThrow('没有保存成功')
  await expect.poll(async () => (await kept('visits/new'))?.value).toBe('{"said":"楼道灯"}')
  const twice = [saved(draft.id.value, 'visits/new'), saved(draft.id.value, 'visits/new')]
  hide()
  expect((await Promise.allSettled(twice)).map(one => one.status).sort()).toEqual(['fulfilled', 'rejected'])
  await wait(100)
  expect(await kept('visits/new')).toBeUndefined()
})

test('a draft kept in another tab after its record was saved becomes a record of its own', async () => {
  const { draft, end } = await opened('visits/new')
  draft.set({ said: '同一份' })
  await save('PUT /api/visits/{id}', { id: draft.id.value, body: { posting_id: 'p', kind: 'household' }, words: '走访' })
  end() // this tab knows nothing of the save
  await expect.poll(() => kept('visits/new')).toBeDefined()
  const { draft: again } = await opened('visits/new')
  expect(again.value.value).toEqual({ said: '同一份' })
  expect(again.id.value).not.toBe(draft.id.value)
})

test('clearing starts over with a new id, and the photos go', async () => {
  const { draft } = await opened('visits/new')
  const before = draft.id.value
  draft.set({ said: '走访' })
  await keepPhoto('visits/new', { data: new ArrayBuffer(3), type: 'image/jpeg', digest: 'p', bytes: 3 })
  await draft.clear()
  expect(draft.value.value).toEqual({ said: '' })
  expect(draft.id.value).not.toBe(before)
  expect(await withStore(AN.id, db => db.count('photos'))).toBe(0)
})

test('an open form with changes holds back a new version of the app, a closed one does not', async () => {
  const { draft, end } = await opened('visits/new')
  expect(dirty.value).toBe(0)
  draft.set({ said: 'a' })
  draft.set({ said: 'ab' })
  expect(dirty.value).toBe(1)
  end()
  expect(dirty.value).toBe(0)
})

test('a form that is left while it is saved is counted once, and what comes later not at all', async () => {
  const { draft, end } = await opened('visits/new')
  draft.set({ said: 'a' })
  end()
  draft.done()
  expect(dirty.value).toBe(0)
  const { draft: other, end: leave } = await opened('visits/other')
  leave()
  other.set({ said: 'a photo that took long' })
  expect(dirty.value).toBe(0)
})

test('a sealed draft cannot be read in the store', async () => {
  const { draft, end } = await opened('issues/new', { sealed: true })
  draft.set({ said: '电话 13800000000' })
  end()
  await expect.poll(() => kept('issues/new')).toBeDefined()
  expect(typeof (await kept('issues/new'))!.value).toBe('object')
  expect((await opened('issues/new', { sealed: true })).draft.value.value).toEqual({ said: '电话 13800000000' })
})

/** As the browser's, for one name: one holder, the others in a line, and a thief. */
function fakeLocks() {
  let holder: { lose: () => void } | null = null
  const line: (() => void)[] = []
  const grant = (work: (lock: object | null) => unknown) => new Promise((resolve, reject) => {
    const mine = { lose: () => reject(new DOMException('stolen', 'AbortError')) }
    holder = mine
    const run = async () => {
      const done = await work({})
      if (holder === mine) holder = null
      if (!holder) line.shift()?.()
      resolve(done)
    }
    void run()
  })
  return {
    request: async (_: string, options: LockOptions, work: (lock: object | null) => unknown) => {
      if (options.steal) holder?.lose()
      else if (holder && options.ifAvailable) return work(null)
      else if (holder) await new Promise<void>(resolve => { line.push(resolve) })
      if (!options.signal?.aborted) return grant(work)
      line.shift()?.()
      throw new DOMException('gave up', 'AbortError')
    },
  }
}

test('a draft open in two windows is written in one; the other reads it, and goes on when the first is closed', async () => {
  vi.stubGlobal('navigator', Object.create(navigator, { locks: { value: fakeLocks() } }))
  const first = await opened('visits/new')
  const second = await opened('visits/new')
  await expect.poll(() => second.draft.elsewhere.value).toBe(true)
  expect(first.draft.elsewhere.value).toBe(false)
  first.draft.set({ said: '楼道灯坏了' })
  first.end()
  await expect.poll(() => second.draft.elsewhere.value).toBe(false)
  expect(second.draft.value.value).toEqual({ said: '楼道灯坏了' })
  expect(second.draft.id.value).toBe(first.draft.id.value)
  vi.unstubAllGlobals()
})

test('a window that the phone froze does not keep its draft for ever: it can be taken over', async () => {
  vi.stubGlobal('navigator', Object.create(navigator, { locks: { value: fakeLocks() } }))
  const first = await opened('visits/new')
  first.draft.set({ said: '楼道灯' })
  window.dispatchEvent(new Event('pagehide'))
  const second = await opened('visits/new')
  await expect.poll(() => second.draft.elsewhere.value).toBe(true)
  second.draft.takeOver()
  await expect.poll(() => [first.draft.elsewhere.value, second.draft.elsewhere.value]).toEqual([true, false])
  expect(second.draft.value.value).toEqual({ said: '楼道灯' })
  vi.unstubAllGlobals()
})

test('a window that gets its draft back shows what was written since, not what it remembers', async () => {
  vi.stubGlobal('navigator', Object.create(navigator, { locks: { value: fakeLocks() } }))
  const first = await opened('visits/new')
  first.draft.set({ said: '楼道灯' })
  window.dispatchEvent(new Event('pagehide'))
  await expect.poll(() => kept('visits/new')).toBeDefined()
  const second = await opened('visits/new')
  await expect.poll(() => second.draft.elsewhere.value).toBe(true)
  second.draft.takeOver()
  await expect.poll(() => [first.draft.elsewhere.value, second.draft.elsewhere.value]).toEqual([true, false])
  second.draft.set({ said: '楼道灯已修好' })
  second.end()
  await expect.poll(() => first.draft.elsewhere.value).toBe(false)
  expect(first.draft.value.value).toEqual({ said: '楼道灯已修好' })
  expect(dirty.value).toBe(0)
  vi.unstubAllGlobals()
})

test('what comes after the save, a photo say, does not begin the draft anew', async () => {
  const { draft } = await opened('visits/new')
  draft.set({ said: '楼道灯' })
  await save('PUT /api/visits/{id}', { id: draft.id.value, draft: 'visits/new', body: { posting_id: 'p1', kind: 'household' }, words: '走访' })
  draft.done()
  draft.set({ said: '楼道灯，和照片' })
  await wait(AUTOSAVE_MS + 200)
  expect(await kept('visits/new')).toBeUndefined()
})

test('a correction that lay as a draft remembers which version it began to correct', async () => {
  const { draft, end } = await opened('visits/v1', { id: 'v1', base: 'first' })
  draft.set({ said: '改了一半' })
  end()
  await expect.poll(() => kept('visits/v1')).toBeDefined()
  const { draft: again } = await opened('visits/v1', { id: 'v1', base: 'of another phone' })
  expect([again.value.value.said, again.base.value]).toEqual(['改了一半', 'first'])
  await again.clear()
  expect([again.value.value.said, again.base.value]).toEqual(['', 'of another phone'])
})

test('while the store stays closed, the copy of this window outlives a reload and further writing', async () => {
  await close(AN.id)
  vi.spyOn(indexedDB, 'open').mockImplementation(() => { throw new DOMException('closed', 'UnknownError') })
  const { draft } = await opened('visits/new')
  draft.set({ said: '楼道灯' })
  hide()
  await expect.poll(() => onlyInWindow.value).toBe(true)
  onlyInWindow.value = false
  const { draft: again } = await opened('visits/new')
  expect([again.value.value.said, again.id.value, onlyInWindow.value]).toEqual(['楼道灯', draft.id.value, true])
  vi.restoreAllMocks()
  again.set({ said: '楼道灯坏了' })
  hide()
  await expect.poll(async () => (await kept('visits/new'))?.value).toBe('{"said":"楼道灯坏了"}')
})
