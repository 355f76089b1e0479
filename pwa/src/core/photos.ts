import { withStore, write, type StoredPhoto } from './db'
import { uuid7 } from './ids'
import { person } from './person'
import type { PhotoListing, Stage } from './wire'
import type { Shrunk } from './camera'

/** Photos on the phone: kept the moment they are picked, so that a kill between picking and saving loses nothing. */
export async function keepPhoto(draft: string, shrunk: Shrunk, stage: Stage = 'before'): Promise<PhotoListing> {
  const photo: StoredPhoto = { id: uuid7(), owner: `draft:${draft}`, stage, kept_at: Date.now(), delivered_at: null, ...shrunk }
  await write(me(), ['photos'], async tx => { await tx.objectStore('photos').put(photo) })
  return { id: photo.id, digest: photo.digest, bytes: photo.bytes, stage }
}

const working = new Map<string, number>()

/** A photo of this draft is being made small (+1) or is done (-1): until then a save would leave it out without a word. */
export function work(draft: string, by: 1 | -1): void {
  working.set(draft, (working.get(draft) ?? 0) + by)
}

export function isAtWork(draft: string): boolean {
  return (working.get(draft) ?? 0) > 0
}

/** Only of a draft: a saved photo belongs to its record. */
export async function dropPhoto(id: string): Promise<void> {
  await write(me(), ['photos'], async tx => {
    const photo = await tx.objectStore('photos').get(id)
    if (photo?.owner.startsWith('draft:')) await tx.objectStore('photos').delete(id)
  })
}

/** An address for an <img>: the phone's own copy where there is one, else the server's. Revoke with `release`. */
export async function photoUrl(id: string, size: 320 | 1600): Promise<{ url: string; release: () => void }> {
  const who = person.value?.id
  const kept = who ? await withStore(who, db => db.get('photos', id)).catch(() => undefined) : undefined
  if (!kept) return { url: `/api/photos/${id}?size=${size}`, release: () => undefined }
  const url = URL.createObjectURL(new Blob([kept.data], { type: kept.type }))
  return { url, release: () => URL.revokeObjectURL(url) }
}

type Listed = Omit<PhotoListing, 'stage'> & { stage: string }

/** The photos of a record as a correction must name them again, in their order. Undefined while `known` does not tell of every one:
 * a correction replaces the whole record, and a photo that it leaves out is gone from it. */
export function listedAgain(shown: { id: string }[], known: Listed[] | undefined): PhotoListing[] | undefined {
  const byId = new Map(known?.map(photo => [photo.id, photo]))
  const found = shown.flatMap(({ id }) => byId.get(id) ?? [])
  return known && found.length === shown.length ? found.map(({ id, digest, bytes, stage }) => ({ id, digest, bytes, stage: stage as Stage })) : undefined
}

function me(): string {
  if (!person.value) throw new Error('请先登录')
  return person.value.id
}
