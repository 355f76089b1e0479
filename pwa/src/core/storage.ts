import { signal } from '@preact/signals'
import { withStore, write } from './db'

/** How safe what lies on this phone is from the browser's own clearing, and how much room there is. */
export interface Room {
  /** The browser promised not to clear it by itself; null when it cannot say. */
  persisted: boolean | null
  /** Percent of the browser's space that is free, and in bytes; null when it does not say. */
  free: number | null
  left: number | null
}

export const room = signal<Room>({ persisted: null, free: null, left: null })

/** Below the first the person is warned; below the second photos are no longer taken, text still is. */
export const TIGHT_PERCENT = 20
export const NO_PHOTOS_PERCENT = 10

export const NO_ROOM_FOR_PHOTOS = '手机存储空间快满了，暂时不能添加照片，文字仍能保存。请清理空间后再拍'

export async function measure(): Promise<Room> {
  try {
    const storage = navigator.storage as StorageManager | undefined
    const persisted = await storage?.persisted?.() ?? null
    const { quota, usage } = await storage?.estimate?.() ?? {} as StorageEstimate
    const left = quota ? Math.max(0, quota - (usage ?? 0)) : null
    room.value = { persisted, left, free: left === null ? null : Math.floor(100 * left / quota!) }
  } catch { /* the last measure stands */ }
  return room.value
}

export function isTight(): boolean {
  return room.value.free !== null && room.value.free < TIGHT_PERCENT
}

export function mayKeepPhotos(): boolean {
  return room.value.free === null || room.value.free >= NO_PHOTOS_PERCENT
}

/** Ask after a save that the browser may not clear our store by itself, and remember what it said; once it said yes there is nothing more to ask. */
export async function protect(who: string): Promise<void> {
  try {
    if (await withStore(who, db => db.get('meta', 'persisted')) !== true) {
      const persisted = await navigator.storage?.persist?.()
      await write(who, ['meta'], async tx => { await tx.objectStore('meta').put(persisted ?? null, 'persisted') })
    }
    await measure()
  } catch { /* a save is not worth less for it */ }
}

/** Words for how safe what lies on this phone is from the browser's own clearing. */
export function safety(): string {
  const { persisted } = room.value
  return persisted === null ? '未知' : persisted ? '系统不会自动清理' : '空间不足时可能被清理'
}

export function spaceLeft(): string {
  const { left, free } = room.value
  if (left === null) return '剩余空间未知'
  const megabytes = left / 1024 / 1024
  return `剩余空间 ${megabytes >= 1024 ? `${(megabytes / 1024).toFixed(1)} GB` : `${Math.floor(megabytes)} MB`}（${free}%）`
}
