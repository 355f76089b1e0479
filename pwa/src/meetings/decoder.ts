import type { Frame, Read } from './decode.worker'

/** Finds the text of a QR in a picture: by the phone's own detector where there is one, else by our own in a worker. */
export type Picture = HTMLVideoElement | ImageBitmap | HTMLImageElement

export interface Decoder {
  /** `patient`: a single photo is worth more time than one frame of many. */
  read(picture: Picture, options?: { patient?: boolean }): Promise<string | null>
  close(): void
}

interface Detector { detect(source: Picture): Promise<{ rawValue: string }[]> }
interface DetectorClass { new (options: { formats: string[] }): Detector; getSupportedFormats(): Promise<string[]> }

export const LONG_EDGE = 1280

export async function makeDecoder(): Promise<Decoder> {
  const own = await nativeDecoder().catch(() => undefined)
  return own ?? workerDecoder()
}

async function nativeDecoder(): Promise<Decoder | undefined> {
  const Native = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector
  if (!Native || !(await Native.getSupportedFormats()).includes('qr_code')) return undefined
  const detector = new Native({ formats: ['qr_code'] })
  return { read: async picture => (await detector.detect(picture))[0]?.rawValue ?? null, close: () => undefined }
}

function workerDecoder(): Decoder {
  const worker = new Worker(new URL('./decode.worker.ts', import.meta.url), { type: 'module' })
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d', { willReadFrequently: true })
  const read: Decoder['read'] = async (picture, { patient = false } = {}) => {
    const size = sizeOf(picture)
    if (!size.width || !context) return null
    Object.assign(canvas, size)
    context.drawImage(picture, 0, 0, size.width, size.height)
    const { data } = context.getImageData(0, 0, size.width, size.height)
    return ask(worker, { ...size, data: data.buffer, patient })
  }
  return { read, close: () => worker.terminate() }
}

function ask(worker: Worker, frame: Frame): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const end = () => {
      worker.removeEventListener('message', onMessage)
      worker.removeEventListener('error', onError)
    }
    const onMessage = (event: MessageEvent<Read>) => { end(); resolve(event.data.text) }
    const onError = () => { end(); reject(new Error('识别程序没有启动，请刷新页面再试')) }
    worker.addEventListener('message', onMessage)
    worker.addEventListener('error', onError)
    worker.postMessage(frame, [frame.data])
  })
}

function sizeOf(picture: Picture): { width: number; height: number } {
  const width = 'videoWidth' in picture ? picture.videoWidth : picture.width
  const height = 'videoHeight' in picture ? picture.videoHeight : picture.height
  const scale = Math.min(1, LONG_EDGE / Math.max(width, height, 1))
  return { width: Math.round(width * scale), height: Math.round(height * scale) }
}
