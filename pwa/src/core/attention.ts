import { announce, wake } from './bell'
import { withStore, write, type StoredDraft, type StoredRecord, type WriteTx } from './db'
import { discard, followers } from './discard'
import { uuid7 } from './ids'
import { drop } from './outbox'
import { person } from './person'
import { saveAs } from './save'
import { mustOpen, seal, unseal } from './seal'
import { letGo } from './tally'
import { ASIDE, draftOf } from './waiting'

/* 需处理: what a person may do with a record that the server refused. Neither body is ever lost by a choice made here but by 删除. */

export async function recordOf(key: string): Promise<StoredRecord | undefined> {
  return withStore(person.value!.id, db => db.get('records', key))
}

export async function bodyOf(record: StoredRecord): Promise<Record<string, unknown>> {
  return JSON.parse(await unseal(person.value!.id, record.body)) as Record<string, unknown>
}

/** 另存为新记录: the same content under an id of its own, its photos too; the server's stays as it is, and keeps the photos that left this phone. */
export async function saveAsNew(record: StoredRecord): Promise<StoredRecord> {
  const who = person.value!.id
  const id = uuid7()
  const body = await bodyOf(record)
  const here = new Set(await withStore(who, db => db.getAllKeys('photos')))
  const listed = ((body.photos ?? []) as { id: string }[]).filter(photo => here.has(photo.id))
  const renamed = new Map(listed.map(photo => [photo.id, uuid7()]))
  for (const photo of listed) photo.id = renamed.get(photo.id)!
  if (body.photos) body.photos = listed
  const path = record.path.replace(record.id, id)
  const fresh = { ...record, path, id, about: record.about === record.id ? id : record.about, photos: [...renamed.values()] }
  const saved = await saveAs(who, fresh, body, typeof record.body !== 'string', async tx => {
    const photos = tx.objectStore('photos')
    const staying = await stayingOf(tx, record)
    for (const [old, renewed] of renamed) {
      const photo = await photos.get(old)
      if (photo) await photos.put({ ...photo, id: renewed, owner: path, delivered_at: null })
      if (!staying.has(old)) await photos.delete(old)
    }
    await giveUp(tx, record)
  })
  announce()
  wake('save')
  return saved
}

/** 以服务器为准: the phone's body gives way, and is kept aside until the person throws it away. */
export async function setAside(record: StoredRecord): Promise<void> {
  await write(person.value!.id, ['records', 'photos', 'outbox', 'drafts'], async tx => {
    await tx.objectStore('drafts').put({ key: `${ASIDE}${record.key}`, id: record.id, value: record.body, updated_at: Date.now() })
    await movePhotos(tx, record, `${ASIDE}${record.key}`)
    await giveUp(tx, record)
  })
  announce()
  wake('save') // what waited for it
}

/** 修改重发 where the record has no form of its own version (a step): its content becomes the draft of a new try. */
export async function intoDraft(record: StoredRecord, key: string, value: object, sealed: boolean): Promise<void> {
  const who = person.value!.id
  const text = JSON.stringify(value)
  const draft: StoredDraft = { key, id: uuid7(), value: sealed ? await seal(who, text) : text, updated_at: Date.now() }
  await write(who, ['records', 'photos', 'outbox', 'drafts'], async tx => {
    if (await tx.objectStore('drafts').get(key)) throw new Error('这里还有一份没写完的，请先保存或清空它，再修改重发')
    mustOpen(tx, draft.value)
    await tx.objectStore('drafts').put(draft)
    await movePhotos(tx, record, key)
    await giveUp(tx, record)
  })
  announce()
}

export async function throwAway(key: string): Promise<void> {
  await discard(person.value!.id, key)
  announce()
  wake('save') // what waited for it
}

/** 重试: the very same once more. What the server refused it may take later: the meeting is open now, the posting begun. */
export async function sendAgain(key: string): Promise<void> {
  await write(person.value!.id, ['outbox'], async tx => {
    const row = await tx.objectStore('outbox').get(key)
    if (row) await tx.objectStore('outbox').put({ ...row, problem: null, next_at: 0 })
  })
  announce()
  wake('by_hand')
}

/** How many records go with it when it is thrown away. */
export function goingWith(key: string): Promise<number> {
  return followers(person.value!.id, key)
}

async function movePhotos(tx: WriteTx, record: StoredRecord, draft: string): Promise<void> {
  const photos = tx.objectStore('photos')
  const staying = await stayingOf(tx, record)
  for (const photo of await photos.index('owner').getAll(record.path)) if (!staying.has(photo.id)) await photos.put({ ...photo, owner: `draft:${draft}` })
}

/** Photos of an earlier version that was delivered: the server may still await them, so they stay with the record, and in the queue. */
async function stayingOf(tx: WriteTx, { path }: StoredRecord): Promise<Set<string>> {
  const versions = await tx.objectStore('records').index('path').getAll(path)
  return new Set(versions.flatMap(one => one.receipt ? one.photos : []))
}

export async function asides(): Promise<StoredDraft[]> {
  const who = person.value?.id
  return who ? (await withStore(who, db => db.getAll('drafts'))).filter(draft => draft.key.startsWith(ASIDE)) : []
}

export async function dropAside(key: string): Promise<void> {
  await write(person.value!.id, ['drafts', 'photos'], async tx => {
    await tx.objectStore('drafts').delete(key)
    for (const id of await tx.objectStore('photos').index('owner').getAllKeys(`draft:${key}`)) await tx.objectStore('photos').delete(id)
  })
  announce()
}

/** Kept aside because its form could not see it: that form opens with it again. */
export async function takeUp(aside: StoredDraft): Promise<void> {
  const key = draftOf(aside.key)!
  await write(person.value!.id, ['drafts', 'photos'], async tx => {
    const [drafts, photos] = [tx.objectStore('drafts'), tx.objectStore('photos')]
    if (await drafts.get(key)) throw new Error('那张表里还有一份没写完的，请先保存或清空它，再恢复')
    await drafts.put({ ...aside, key })
    await drafts.delete(aside.key)
    for (const photo of await photos.index('owner').getAll(`draft:${aside.key}`)) await photos.put({ ...photo, owner: `draft:${key}` })
  })
  announce()
}

/** Its row goes, and the rows of its photos that the server never heard of; what waited for it waits no longer, for the server has something under that id. */
async function giveUp(tx: WriteTx, record: StoredRecord): Promise<void> {
  letGo(person.value!.id, [record.path])
  const staying = await stayingOf(tx, record)
  for (const id of record.photos) if (!staying.has(id)) await tx.objectStore('outbox').delete(`/photos/${id}`)
  await drop(tx, record, record.key)
}
