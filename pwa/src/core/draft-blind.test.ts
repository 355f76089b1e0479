import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { asides, takeUp } from './attention'
import { close, withStore } from './db'
import { makeDraft, onlyInWindow } from './draft'
import { keepPhoto } from './photos'
import { save } from './save'
import { AN, destroyUnseen, signedIn, wipe } from './testing'

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

interface Form { said: string; photos: { id: string }[] }
const empty = (): Form => ({ said: '', photos: [] })
const opened = async (key = 'visits/new', options = {}) => {
  const draft = makeDraft<Form>(key, empty, options)
  ends.push(draft.start())
  await expect.poll(() => draft.ready.value).toBe(true)
  return draft
}
const photoOf = async (key: string) => {
  const { id } = await keepPhoto(key, { data: new ArrayBuffer(3), type: 'image/jpeg', digest: 'a'.repeat(64), bytes: 3 })
  return { id }
}
const owned = (owner: string) => withStore(AN.id, db => db.getAllKeysFromIndex('photos', 'owner', owner))
const visit = { posting_id: 'p1', kind: 'household' } as const

/** A draft with a photo lies there; its form is opened while the store cannot be read. */
const unseenDraft = async (options = {}) => {
  const before = await opened('visits/new', options)
  const photo = await photoOf('visits/new')
  before.set({ said: '楼道灯坏了', photos: [photo] })
  await expect.poll(() => kept('visits/new')).toBeDefined()
  await leave()
  const again = await closed()
  const blind = await opened('visits/new', options)
  expect(blind.value.value).toEqual(empty())
  return { blind, again, photo, id: before.id.value }
}

const written = async (options = {}) => {
  const found = await unseenDraft(options)
  found.blind.set({ said: '电梯停了' })
  hide()
  await expect.poll(() => onlyInWindow.value).toBe(true)
  return found
}

/** What was written blindly is the draft now; the other lies aside with its photo, and can be taken up. */
const bothAreThere = async ({ photo, id }: { photo: { id: string }; id: string }) => {
  await expect.poll(async () => String((await kept('visits/new'))?.value)).toContain('电梯停了')
  const [aside] = await asides()
  expect(aside).toMatchObject({ id, value: expect.stringContaining('楼道灯坏了') as string })
  expect(await owned(`draft:${aside!.key}`)).toEqual([photo.id])
  await expect(takeUp(aside!)).rejects.toThrow('还有一份没写完的')
  await leave()
  await (await opened()).clear()
  await leave()
  await takeUp(aside!)
  expect((await opened()).value.value).toEqual({ said: '楼道灯坏了', photos: [photo] })
  expect([await owned('draft:visits/new'), await asides()]).toEqual([[photo.id], []])
}

test('what is written while the store could not be read goes over no draft that lay there', async () => {
  const found = await written()
  expect(found.blind.id.value).not.toBe(found.id)
  found.again()
  hide()
  await bothAreThere(found)
})

test('nor when the page was loaded anew meanwhile', async () => {
  const found = await written()
  await leave()
  const reloaded = await opened()
  expect(reloaded.value.value.said).toBe('电梯停了')
  found.again()
  hide()
  await bothAreThere(found)
})

test('nor when the store was back before the page was loaded anew', async () => {
  const found = await written()
  for (const end of ends.splice(0)) end()
  found.again()
  const reloaded = await opened()
  expect(reloaded.value.value.said).toBe('电梯停了')
  hide()
  await bothAreThere(found)
})

test('a form that is left while the store is slow takes nothing from the one that is opened after it', async () => {
  const { again } = await unseenDraft()
  for (const end of ends.splice(0)) end()
  const next = await opened()
  await new Promise(resolve => { setTimeout(resolve, 100) })
  next.set({ said: '电梯停了' })
  again()
  hide()
  await expect.poll(async () => String((await kept('visits/new'))?.value)).toContain('电梯停了')
  expect(await asides()).toHaveLength(1)
})

test('a form that nobody wrote in shows the draft as soon as it can be read', async () => {
  const { blind, again, photo } = await unseenDraft()
  again()
  hide()
  await expect.poll(() => blind.value.value).toEqual({ said: '楼道灯坏了', photos: [photo] })
  expect(await asides()).toEqual([])
})

test.each([['a new record', {}], ['a correction', { id: 'v1', base: 'first' }]])('what is saved by a form that could not see the stored draft does not end that one: %s', async (_, options) => {
  const { blind, again, photo } = await unseenDraft(options)
  blind.set({ said: '电梯停了' })
  again()
  await save('PUT /api/visits/{id}', { id: blind.id.value, draft: 'visits/new', body: visit, words: '走访' })
  blind.done()
  await leave()
  expect((await opened('visits/new', options)).value.value).toEqual({ said: '楼道灯坏了', photos: [photo] })
})

test('starting over leaves alone what could not be seen', async () => {
  const { blind, again } = await written()
  await blind.clear()
  again()
  await leave()
  expect((await opened()).value.value.said).toBe('楼道灯坏了')
})

test('a draft that cannot be opened is put aside, not written over', async () => {
  await withStore(AN.id, db => db.put('drafts', { key: 'visits/new', id: 'v0', value: '{torn', updated_at: 1 }))
  const draft = await opened()
  draft.set({ said: '电梯停了' })
  hide()
  await expect.poll(async () => String((await kept('visits/new'))?.value)).toContain('电梯停了')
  expect(await asides()).toMatchObject([{ id: 'v0', value: '{torn' }])
})

test('a sealed draft can be read again, also when the store is lost under the open form', async () => {
  const draft = await opened('visits/new', { sealed: true })
  draft.set({ said: '楼道灯坏了' })
  await expect.poll(async () => (await kept('visits/new'))?.value).toBeTypeOf('object')
  await leave()
  const again = await opened('visits/new', { sealed: true }) // now this window knows the key
  again.set({ said: '电梯停了' })
  destroyUnseen()
  hide()
  await expect.poll(() => onlyInWindow.value).toBe(true) // sealed for a store that is no more
  expect(await kept('visits/new')).toBeUndefined()
  hide()
  await expect.poll(async () => (await kept('visits/new'))?.value).toBeTypeOf('object')
  await close(AN.id)
  expect((await opened('visits/new', { sealed: true })).value.value.said).toBe('电梯停了')
})
