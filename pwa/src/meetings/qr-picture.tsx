import { encodeQR } from 'qr'
import { useMemo } from 'preact/hooks'

const QUIET = 4 // modules of white around it, as the standard asks

/** A QR as one path: sharp at any size, changed in one frame. */
export function QrPicture({ text }: { text: string }) {
  const { path, size } = useMemo(() => draw(text), [text])
  return <svg class="qr" viewBox={`0 0 ${size} ${size}`} shape-rendering="crispEdges" role="img" aria-label="签到二维码"><rect width={size} height={size} fill="#fff" /><path d={path} fill="#000" /></svg>
}

/** Dark modules with the quiet zone around them. */
export function modulesOf(text: string): boolean[][] {
  return encodeQR(text, 'raw', { ecc: 'medium', border: QUIET })
}

export function draw(text: string): { path: string; size: number } {
  const rows = modulesOf(text)
  const path = rows.map((row, y) => row.map((dark, x) => dark ? `M${x} ${y}h1v1h-1z` : '').join('')).join('')
  return { path, size: rows.length }
}
