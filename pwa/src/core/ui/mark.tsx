import { progressOf } from '../waiting'

/** Amber until the server has it, then green; red when a person must decide. Stays live by itself. */
export function Mark({ path, quiet }: { path: string; quiet?: boolean }) {
  const { state, photosLeft, row } = progressOf(path)
  if (state === 'delivered') return quiet ? null : <span class="mark mark_done">已送达</span>
  if (state === 'needs_attention') return <span class="mark mark_bad">需处理</span>
  const onlyPhotos = row?.key.startsWith('/photos/')
  const words = state === 'sending' ? (onlyPhotos ? '正在传照片' : '正在上传') : onlyPhotos ? `还有 ${photosLeft} 张照片` : state === 'paused' ? '登录后上传' : '已存本机'
  return <span class={`mark mark_wait ${state === 'sending' ? 'mark_sending' : ''}`}>{words}</span>
}
