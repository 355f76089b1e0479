import { signal, useSignal, type Signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { NotAPhoto, shrink } from '../camera'
import { isFull } from '../db'
import { dropPhoto, keepPhoto, photoUrl, work } from '../photos'
import { mayKeepPhotos, measure, NO_ROOM_FOR_PHOTOS } from '../storage'
import type { PhotoListing, Stage } from '../wire'
import { photoState } from '../waiting'
import { Icon } from './icons'
import { choose, open, toast } from './overlay'

const MOST = 9

/** 九宫格 of a form: each picked photo is kept on the phone at once, under the draft. */
export function PhotoGrid({ draft, photos, onChange, stage = 'before', title = '添加照片' }: { draft: string; photos: PhotoListing[]; onChange: (photos: PhotoListing[]) => void; stage?: Stage; title?: string }) {
  const camera = useRef<HTMLInputElement>(null)
  const album = useRef<HTMLInputElement>(null)
  const busy = useSignal(0)
  const latest = useRef(photos)
  latest.current = photos
  const add = async (input: HTMLInputElement) => {
    const files = [...input.files ?? []].slice(0, MOST - latest.current.length)
    input.value = ''
    for (const file of files) {
      busy.value += 1
      work(draft, 1)
      try {
        const photo = await keepPhoto(draft, await shrink(file), stage)
        onChange(latest.current = [...latest.current, photo])
      } catch (error) {
        toast(error instanceof NotAPhoto ? error.message : isFull(error) ? NO_ROOM_FOR_PHOTOS : '照片没有存下，请再试一次', 'warn')
      } finally {
        busy.value -= 1
        work(draft, -1)
      }
    }
  }
  const pick = async () => {
    await measure()
    if (!mayKeepPhotos()) return toast(NO_ROOM_FOR_PHOTOS, 'warn')
    const from = await choose([{ value: camera, words: '拍照' }, { value: album, words: '从相册选择' }])
    from?.current?.click()
  }
  const remove = (id: string) => {
    onChange(latest.current = latest.current.filter(photo => photo.id !== id))
    void dropPhoto(id).catch(() => undefined)
  }
  return (
    <div class="grid">
      {photos.map(photo => (
        <div class="grid__cell" key={photo.id}>
          <Thumb id={photo.id} all={photos.map(one => one.id)} />
          <button type="button" class="grid__remove" aria-label="移除这张照片" onClick={() => remove(photo.id)}><span aria-hidden="true">×</span></button>
        </div>
      ))}
      {busy.value > 0 && <div class="grid__cell grid__add" role="status"><span class="spinner" />处理中</div>}
      {photos.length + busy.value < MOST && <button type="button" class="grid__cell grid__add" onClick={() => void pick()}><Icon name="camera" />{title}</button>}
      <input ref={camera} class="hidden" type="file" accept="image/*" capture="environment" tabIndex={-1} aria-label="拍照" onChange={event => void add(event.currentTarget)} />
      <input ref={album} class="hidden" type="file" accept="image/*" multiple tabIndex={-1} aria-label="从相册选择" onChange={event => void add(event.currentTarget)} />
    </div>
  )
}

/** Photos of a saved record, each with how far it has come. */
export function PhotoRow({ photos }: { photos: { id: string; state?: string }[] }) {
  if (!photos.length) return null
  return <div class="grid">{photos.map(photo => <div class="grid__cell" key={photo.id}><Thumb id={photo.id} all={photos.map(one => one.id)} awaited={photo.state === 'awaited'} /><PhotoMark id={photo.id} /></div>)}</div>
}

function PhotoMark({ id }: { id: string }) {
  const state = photoState(id)
  if (state === 'delivered') return null
  const words = { queued: '待上传', sending: '上传中', paused: '待上传', needs_attention: '需处理' }[state]
  return <span class={`grid__state ${state === 'needs_attention' ? 'grid__state_bad' : ''}`}>{words}</span>
}

function Thumb({ id, all, awaited }: { id: string; all: string[]; awaited?: boolean }) {
  const url = usePhoto(id, 320)
  const broken = useSignal(false)
  if (broken.value) return <span class="grid__cell grid__add">{awaited ? '还没上传' : '暂时看不到'}</span>
  return <button type="button" class="grid__cell" aria-label={`照片 ${all.indexOf(id) + 1}，点开看大图`} onClick={() => preview(all, id)}>{url.value && <img src={url.value} alt="" onError={() => { broken.value = true }} />}</button>
}

function usePhoto(id: string, size: 320 | 1600): Signal<string> {
  const url = useSignal('')
  useEffect(() => {
    let release: (() => void) | undefined
    let gone = false
    const show = async () => {
      const found = await photoUrl(id, size)
      release = found.release
      if (gone) found.release()
      else url.value = found.url
    }
    void show()
    return () => { gone = true; release?.() }
  }, [id, size])
  return url
}

function preview(all: string[], id: string): void {
  const at = signal(all.indexOf(id))
  void open(close => <Preview all={all} at={at} close={() => close()} />)
}

/** The whole picture; a tap on its right or left half goes on or back. */
function Preview({ all, at, close }: { all: string[]; at: Signal<number>; close: () => void }) {
  const url = usePhoto(all[at.value]!, 1600)
  return (
    <div class="preview" role="dialog" aria-modal="true" aria-label={`照片 ${at.value + 1}/${all.length}`}>
      {url.value && <img src={url.value} alt={`照片 ${at.value + 1}，共 ${all.length} 张`} />}
      {at.value > 0 && <button type="button" class="preview__step" aria-label="上一张" onClick={() => { at.value -= 1 }} />}
      {at.value < all.length - 1 && <button type="button" class="preview__step preview__step_next" aria-label="下一张" onClick={() => { at.value += 1 }} />}
      <button type="button" class="preview__close" onClick={close}>关闭</button>
    </div>
  )
}
