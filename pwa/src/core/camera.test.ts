import { expect, test, vi } from 'vitest'
import { hasEnd, jpegSize, kindOf, MOST_FILE_BYTES, shrink } from './camera'

const bytes = (...parts: (number[] | string)[]) => Uint8Array.from(parts.flatMap(part => typeof part === 'string' ? [...part].map(char => char.charCodeAt(0)) : part))
const jpeg = (width: number, height: number) => bytes([0xff, 0xd8, 0xff, 0xe1, 0, 4, 1, 2, 0xff, 0xc2, 0, 17, 8, height >> 8, height & 255, width >> 8, width & 255], Array.from({ length: 20 }, () => 0))

test.each([
  ['JPEG', jpeg(1, 1), 'jpeg'],
  ['PNG', bytes([0x89], 'PNG\r\n', [0x1a], '\n'), 'png'],
  ['WebP', bytes('RIFF', [0, 0, 0, 0], 'WEBPVP8 '), 'webp'],
  ['HEIC from an iPhone', bytes([0, 0, 0, 24], 'ftypheic'), 'heif'],
  ['a page named .jpg', bytes('<!doctype html>'), undefined],
  ['a drawing in SVG', bytes('<svg xmlns='), undefined],
  ['a PDF', bytes('%PDF-1.7'), undefined],
  ['nothing', bytes(), undefined],
])('by its first bytes: %s', (_, head, kind) => {
  expect(kindOf(head)).toBe(kind)
})

test('the size stands in the frame header, behind whatever notes the camera left', () => {
  expect(jpegSize(jpeg(4000, 3000))).toEqual({ width: 4000, height: 3000 })
  expect(jpegSize(bytes('no picture'))).toBeUndefined()
})

const SCAN = [0xff, 0xda, 0, 4, 1, 2, 7, 7, 7]
const NOTES = [0xff, 0xe1, 0, 6, 0xff, 0xd9, 9, 9] // a small picture inside, with its own end
test.each([
  ['whole', [0xff, 0xd8, ...NOTES, ...SCAN, 0xff, 0xd9], true],
  ['whole, with a film behind it', [0xff, 0xd8, ...NOTES, ...SCAN, 0xff, 0xd9, 1, 2, 3], true],
  ['cut off', [0xff, 0xd8, ...NOTES, ...SCAN], false],
  ['cut off before the picture begins', [0xff, 0xd8, ...NOTES], false],
])('a JPEG that is %s', (_, list, whole) => {
  expect(hasEnd(Uint8Array.from(list), true)).toBe(whole)
})

test.each([
  ['empty', new Blob([]), '是空的'],
  ['cut off', new Blob([jpeg(10, 10)]), '不完整'],
  ['not a picture', new Blob(['<html>']), '不是照片'],
  ['too many pixels', new Blob([jpeg(12_000, 10_000)]), '5000 万像素'],
])('refused with the reason: %s', async (_, file, reason) => {
  await expect(shrink(file)).rejects.toThrow(reason)
})

test('refused with the reason: too large a file', async () => {
  const file = new Blob([jpeg(10, 10)])
  Object.defineProperty(file, 'size', { value: MOST_FILE_BYTES + 1 })
  await expect(shrink(file)).rejects.toThrow('25 MB')
})

test('refused with the reason: broken inside', async () => {
  vi.stubGlobal('createImageBitmap', () => Promise.reject(new Error('broken')))
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:x')
  vi.stubGlobal('Image', class { src = ''; decode() { return Promise.reject(new Error('broken')) } })
  await expect(shrink(new Blob([Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 3, 1, ...SCAN, 0xff, 0xd9, 0, 0])]))).rejects.toThrow('打不开')
})
