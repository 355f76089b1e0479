/* A zip without compression (APPNOTE 6.3): what is unsent is small or already a JPEG, and a library would weigh more than this. */

export interface ZipEntry { name: string; data: Uint8Array<ArrayBuffer> }

const TABLE = /* @__PURE__ */ Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}

/** Names are UTF-8, so Chinese ones survive. */
export function zip(entries: ZipEntry[], now = new Date()): Blob {
  const parts: Uint8Array<ArrayBuffer>[] = []
  const directory: Uint8Array<ArrayBuffer>[] = []
  let at = 0
  for (const { name, data } of entries) {
    const path = new TextEncoder().encode(name)
    const common = [20, 0x0800, 0, ...dosTime(now), crc32(data) & 0xffff, crc32(data) >>> 16, data.length & 0xffff, data.length >>> 16, data.length & 0xffff, data.length >>> 16, path.length]
    const local = [words([0x4b50, 0x0403, ...common, 0]), path, data]
    directory.push(words([0x4b50, 0x0201, 20, ...common, 0, 0, 0, 0, 0, 0, at & 0xffff, at >>> 16]), path)
    parts.push(...local)
    at += sizeOf(local)
  }
  const size = sizeOf(directory)
  const end = words([0x4b50, 0x0605, 0, 0, entries.length, entries.length, size & 0xffff, size >>> 16, at & 0xffff, at >>> 16, 0])
  return new Blob([...parts, ...directory, end], { type: 'application/zip' })
}

function words(values: number[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(values.length * 2))
  for (const [i, value] of values.entries()) view.setUint16(i * 2, value, true)
  return new Uint8Array(view.buffer)
}

function dosTime(now: Date): [number, number] {
  return [(now.getHours() << 11) | (now.getMinutes() << 5) | (now.getSeconds() >> 1), ((now.getFullYear() - 1980) << 9) | ((now.getMonth() + 1) << 5) | now.getDate()]
}

function sizeOf(parts: Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0)
}
