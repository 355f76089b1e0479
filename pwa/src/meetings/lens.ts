/** The phone's camera as a moving picture. Every way it can fail has words that say what to do next. */
export class NoCamera extends Error {
  constructor(readonly why: 'none' | 'denied' | 'busy' | 'insecure', message: string) { super(message) }
}

export interface Lens {
  stream: MediaStream
  /** Undefined where there is no torch to switch. */
  torch: ((on: boolean) => Promise<void>) | undefined
  close(): void
}

const WANTED: MediaStreamConstraints = { audio: false, video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } } }

export async function openLens(): Promise<Lens> {
  if (!navigator.mediaDevices?.getUserMedia) throw new NoCamera('insecure', '这里不能直接用相机。请用浏览器打开正式网址，或用下面的“拍照识别”')
  const stream = await navigator.mediaDevices.getUserMedia(WANTED).catch((error: unknown) => { throw sentenceOf(error) })
  const track = stream.getVideoTracks()[0]!
  const hasTorch = (track.getCapabilities?.() as { torch?: boolean } | undefined)?.torch === true
  const torch = hasTorch ? (on: boolean) => track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] }) : undefined
  return { stream, torch, close: () => { for (const one of stream.getTracks()) one.stop() } }
}

export function sentenceOf(error: unknown): NoCamera {
  const name = error instanceof Error || error instanceof DOMException ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return new NoCamera('denied', '没有相机权限。请在手机设置里允许本应用使用相机，再点“重试”；也可以用下面的“拍照识别”')
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return new NoCamera('none', '没有找到相机。可以用下面的“拍照识别”选一张照片')
  if (name === 'NotReadableError' || name === 'AbortError') return new NoCamera('busy', '相机正被别的应用占用。请关掉视频通话或其他相机应用，再点“重试”')
  return new NoCamera('none', '相机没有打开。请点“重试”，或用下面的“拍照识别”')
}
