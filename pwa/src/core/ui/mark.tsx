import { go } from '../router'
import { Strip, Tag } from './notes'
import { known, progressOf } from '../waiting'

/** Amber until the server has it, then green; half of each when the server has it and somebody must confirm it (`held`); red when a person must decide. Stays live by itself. */
export function Mark({ path, quiet, held }: { path: string; quiet?: boolean; held?: boolean }) {
  const { state, photosLeft, photosAll, row } = progressOf(path)
  if (state === 'delivered' && held) return <span class="mark mark_held">已送达，待确认</span>
  if (state === 'delivered') return quiet || !known.value ? null : <span class="mark mark_done">已送达</span>
  if (state === 'needs_attention') return <span class="mark mark_bad">需处理</span>
  const onlyPhotos = row?.key.startsWith('/photos/')
  const photos = `照片 ${Math.max(0, photosAll - photosLeft)}/${Math.max(photosAll, photosLeft)}`
  const words = onlyPhotos ? photos : state === 'sending' ? '正在上传' : state === 'paused' ? '登录后上传' : '已存本机'
  return <span class={`mark mark_wait ${state === 'sending' ? 'mark_sending' : ''}`}>{words}</span>
}

/** 照片 2/3: for whoever reads a record of another's phone, which still holds the rest. */
export function PhotosTag({ photos }: { photos: { state: string }[] }) {
  const arrived = photos.filter(photo => photo.state === 'stored').length
  return arrived < photos.length ? <Tag kind="wait">照片 {arrived}/{photos.length}</Tag> : null
}

/** Why the server refuses it, and the way out. */
export function Refusal({ path }: { path: string }) {
  const { state, row } = progressOf(path)
  return state === 'needs_attention' ? <Strip kind="bad" onClick={() => go('/me/waiting')}>需处理：{row?.problem?.title}</Strip> : null
}
