import { sha256 } from './digest'

/** A picked picture made small on the phone: long edge ≤ 1600 px, JPEG ≤ 400 KB, drawn anew, so that nothing of the camera's notes (place, device) leaves with it. */
export interface Shrunk { data: ArrayBuffer; type: string; digest: string; bytes: number }

/** Its message is a Chinese sentence; the form stays as it was. */
export class NotAPhoto extends Error {}

export const MOST_FILE_BYTES = 25 * 1024 * 1024
export const MOST_PIXELS = 50_000_000
export const LONG_EDGE = 1600
export const MOST_BYTES = 400 * 1024
const HEAD_BYTES = 512 * 1024
const TAIL_BYTES = 64 * 1024

export async function shrink(file: Blob): Promise<Shrunk> {
  if (file.size === 0) throw new NotAPhoto('这张照片是空的，请换一张')
  if (file.size > MOST_FILE_BYTES) throw new NotAPhoto('照片超过 25 MB，请换一张小一些的')
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer())
  const kind = kindOf(head)
  if (!kind) throw new NotAPhoto('这不是照片，请选择图片文件')
  const size = jpegSize(head)
  if (size && size.width * size.height > MOST_PIXELS) throw new NotAPhoto('照片超过 5000 万像素，请换一张小一些的')
  if (kind === 'jpeg' && !await isWhole(file)) throw new NotAPhoto('这张照片不完整，可能没有传完，请换一张')
  const bitmap = await decode(file)
  try {
    if (bitmap.width * bitmap.height > MOST_PIXELS) throw new NotAPhoto('照片超过 5000 万像素，请换一张小一些的')
    const blob = await draw(bitmap)
    const data = await blob.arrayBuffer()
    return { data, type: 'image/jpeg', digest: await sha256(new Uint8Array(data)), bytes: data.byteLength }
  } finally {
    if ('close' in bitmap) bitmap.close()
  }
}

/** By the first bytes: a file's name and type are only what somebody called it. */
export function kindOf(head: Uint8Array): 'jpeg' | 'png' | 'webp' | 'gif' | 'bmp' | 'heif' | undefined {
  const text = String.fromCharCode(...head.subarray(0, 16))
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'jpeg'
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'webp'
  if (text.startsWith('GIF8')) return 'gif'
  if (text.startsWith('BM')) return 'bmp'
  if (text.slice(4, 8) === 'ftyp' && /heic|heix|hevc|mif1|avif/.test(text.slice(8, 12))) return 'heif'
  return undefined
}

/** Width and height from the frame header, before a decoder has to find room for the pixels. */
export function jpegSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  for (const { marker, at } of segments(bytes)) {
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame && at + 8 < bytes.length) return { height: (bytes[at + 5]! << 8) | bytes[at + 6]!, width: (bytes[at + 7]! << 8) | bytes[at + 8]! }
  }
  return undefined
}

/** Where the picture's data begins; beyond the end when it never does. */
function scanOf(bytes: Uint8Array): number {
  for (const { marker, at } of segments(bytes)) if (marker === 0xda) return at
  return bytes.length
}

function* segments(bytes: Uint8Array): Generator<{ marker: number; at: number }> {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return
  let at = 2
  while (at + 3 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1]!
    yield { marker, at }
    if (marker === 0xda) return
    at += 2 + ((bytes[at + 2]! << 8) | bytes[at + 3]!)
  }
}

/** Browsers draw the upper part of a picture that was cut off and say nothing. Some phones put a short film behind the end mark, so it is looked for near the end first. */
async function isWhole(file: Blob): Promise<boolean> {
  const tail = new Uint8Array(await file.slice(-TAIL_BYTES).arrayBuffer())
  return hasEnd(tail, file.size <= TAIL_BYTES) || (file.size > TAIL_BYTES && hasEnd(new Uint8Array(await file.arrayBuffer()), true))
}

/** The end mark of a JPEG (FF D9), not that of the small picture inside the camera's notes: those stand before the scan. */
export function hasEnd(bytes: Uint8Array, fromStart: boolean): boolean {
  const after = fromStart ? scanOf(bytes) : 0
  for (let at = bytes.length - 2; at >= after; at--) if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return true
  return false
}

type Picture = ImageBitmap | HTMLImageElement

async function decode(file: Blob): Promise<Picture> {
  try {
    if (typeof createImageBitmap === 'function') return await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch { /* older Safari does not know the option, and some phones decode HEIF only in an <img> */ }
  const url = URL.createObjectURL(file)
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    return image
  } catch {
    throw new NotAPhoto('这张照片打不开，可能已损坏，请换一张')
  } finally {
    URL.revokeObjectURL(url)
  }
}

/** Lower quality first, then fewer pixels, until it fits. */
async function draw(picture: Picture): Promise<Blob> {
  const scale = Math.min(1, LONG_EDGE / Math.max(picture.width, picture.height))
  for (const [shrinkBy, quality] of [[1, 0.75], [1, 0.6], [0.8, 0.6], [0.6, 0.55]] as const) {
    const width = Math.max(1, Math.round(picture.width * scale * shrinkBy))
    const height = Math.max(1, Math.round(picture.height * scale * shrinkBy))
    const canvas = paint(picture, width, height)
    const blob = await encode(canvas, quality)
    if (blob.size <= MOST_BYTES) return blob
  }
  throw new NotAPhoto('这张照片压缩不到 400 KB，请换一张')
}

type Canvas = OffscreenCanvas | HTMLCanvasElement

function paint(picture: Picture, width: number, height: number): Canvas {
  const canvas: Canvas = typeof OffscreenCanvas === 'undefined' ? Object.assign(document.createElement('canvas'), { width, height }) : new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d') as CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null
  if (!context) throw new NotAPhoto('手机内存不足，请关闭一些应用后再试')
  context.fillStyle = '#fff' // a transparent PNG would turn black
  context.fillRect(0, 0, width, height)
  context.drawImage(picture, 0, 0, width, height)
  return canvas
}

/** Out of memory, some phones hand back an empty picture instead of an error. */
async function encode(canvas: Canvas, quality: number): Promise<Blob> {
  const blob = 'convertToBlob' in canvas
    ? await canvas.convertToBlob({ type: 'image/jpeg', quality })
    : await new Promise<Blob | null>(resolve => { canvas.toBlob(resolve, 'image/jpeg', quality) })
  if (!blob || blob.size < 200 || blob.type !== 'image/jpeg') throw new NotAPhoto('手机没能处理这张照片，请再试一次或换一张')
  return blob
}
