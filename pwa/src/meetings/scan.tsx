import { useSignal, type Signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { back } from '../core/router'
import { Button, Icon, toast } from '../core/ui'
import { saveScan } from './checkin'
import { readScan, type Code } from './code'
import { makeDecoder, type Decoder } from './decoder'
import { NoCamera, openLens, type Lens } from './lens'
import { ScanResult } from './scan-result'
import './scan.css'

const IGNORE_MS = 3_000 // the same foreign code is not named again at once
const DARK_MS = 5_000 // a camera that opened but shows nothing (seen in apps on the home screen of iPhones)

interface Saved { id: string; about: string }

/** 扫一扫: only recognises; whether a code is genuine and fresh the server judges. Works without signal. */
export default function ScanPage() {
  const saved = useSignal<Saved | null>(null)
  const problem = useSignal<string | null>(null)
  const hint = useSignal('对准会场屏幕上的二维码')
  const attempt = useSignal(0)
  const again = () => {
    saved.value = null
    problem.value = null
    attempt.value += 1
  }
  const found = async (code: Code) => {
    navigator.vibrate?.(60)
    try {
      const { id, about } = await saveScan(code)
      saved.value = { id, about }
    } catch (error) {
      problem.value = (error as Error).message
    }
  }
  return (
    <div class="scan">
      <header class="scan__bar"><button type="button" class="scan__button" aria-label="返回" onClick={() => back('/meetings')}><Icon name="back" /></button><h1>扫一扫</h1></header>
      {saved.value ? <ScanResult {...saved.value} onAgain={again} /> : <Viewfinder key={attempt.value} hint={hint} problem={problem} onFound={found} onRetry={again} />}
    </div>
  )
}

interface ViewProps { hint: Signal<string>; problem: Signal<string | null>; onFound: (code: Code) => Promise<void>; onRetry: () => void }

function Viewfinder({ hint, problem, onFound, onRetry }: ViewProps) {
  const video = useRef<HTMLVideoElement>(null)
  const lens = useSignal<Lens | null>(null)
  const lit = useSignal(false)
  const decoder = useRef<Promise<Decoder> | null>(null)
  const judge = useRef(makeJudge(hint, onFound)).current
  useEffect(() => {
    decoder.current = makeDecoder()
    const stop = watch(video.current!, decoder.current, { lens, problem, judge })
    return () => {
      stop()
      void decoder.current?.then(one => one.close(), () => undefined)
    }
  }, [])
  const light = async () => {
    try {
      await lens.value?.torch?.(!lit.value)
      lit.value = !lit.value
    } catch {
      toast('手电筒没有打开', 'warn')
    }
  }
  return <>
    <video ref={video} class="scan__video" playsInline muted autoPlay aria-label="相机画面" />
    {problem.value ? <div class="scan__problem" role="alert"><p>{problem.value}</p><Button onClick={onRetry}>重试</Button></div> : <div class="scan__frame" aria-hidden="true" />}
    {!problem.value && <p class="scan__hint" role="status" aria-live="polite">{hint.value}</p>}
    <footer class="scan__foot">
      {lens.value?.torch && <button type="button" class="scan__tool" aria-pressed={lit.value} onClick={() => void light()}>手电筒{lit.value ? '：开' : ''}</button>}
      <PhotoRung decoder={decoder} onText={judge} />
    </footer>
    <p class="scan__else">扫不了？可以请支部书记登记到会</p>
  </>
}

/** The rung below the camera: one picture, taken or chosen, read with patience. */
function PhotoRung({ decoder, onText }: { decoder: { current: Promise<Decoder> | null }; onText: (text: string) => void }) {
  const read = async (input: HTMLInputElement) => {
    const file = input.files?.[0]
    input.value = ''
    if (!file) return
    try {
      const picture = await createImageBitmap(file)
      const text = await (await decoder.current!).read(picture, { patient: true })
      if (text === null) toast('照片里没有认出二维码，请靠近一些再拍', 'warn')
      else onText(text)
    } catch {
      toast('这张照片打不开，请换一张', 'warn')
    }
  }
  return <label class="scan__tool">拍照识别<input class="hidden" type="file" accept="image/*" onChange={event => void read(event.currentTarget)} /></label>
}

/** One good code ends the scan; anything else is named and the scan goes on. */
export function makeJudge(hint: Signal<string>, onFound: (code: Code) => Promise<void>, now: () => number = Date.now): (text: string) => void {
  let ended = false
  let last = { text: '', at: 0 }
  return text => {
    if (ended || (text === last.text && now() - last.at < IGNORE_MS)) return
    last = { text, at: now() }
    const code = readScan(text)
    if (!code) {
      hint.value = '不是会议签到码，请对准会场屏幕上的二维码'
      return
    }
    ended = true
    void onFound(code)
  }
}

interface Watching { lens: Signal<Lens | null>; problem: Signal<string | null>; judge: (text: string) => void }

/** Opens the camera and reads frame after frame; each takes as long as it takes, so a slow phone only reads fewer. */
function watch(video: HTMLVideoElement, decoding: Promise<Decoder>, { lens, problem, judge }: Watching): () => void {
  const gone = new AbortController()
  const fail = (error: unknown) => { if (!gone.signal.aborted) problem.value = error instanceof NoCamera ? error.message : '相机没有打开，请点“重试”，或用下面的“拍照识别”' }
  const dark = setTimeout(() => { if (lens.value && !video.videoWidth) problem.value = '相机没有画面。请点“重试”，或用下面的“拍照识别”' }, DARK_MS)
  const run = async () => {
    const opened = await openLens()
    if (gone.signal.aborted) return opened.close()
    lens.value = opened
    video.srcObject = opened.stream
    await video.play().catch(() => undefined)
    const decoder = await decoding
    while (!gone.signal.aborted) {
      const text = video.readyState >= video.HAVE_CURRENT_DATA ? await decoder.read(video).catch(() => null) : null
      if (text && !gone.signal.aborted) judge(text)
      await new Promise(resolve => { setTimeout(resolve, 60) })
    }
    return undefined
  }
  run().catch(fail)
  return () => {
    gone.abort()
    clearTimeout(dark)
    lens.value?.close()
    lens.value = null
  }
}
