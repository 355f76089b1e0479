import { decodeQR } from 'qr/decode.js'

/** Reads QR codes away from the page, so that the picture never stutters. One frame at a time; the buffer goes back to be used again. */
export interface Frame { width: number; height: number; data: ArrayBuffer; patient: boolean }
export interface Read { text: string | null; data: ArrayBuffer }

const QUICK_MS = 40 // for a frame of many: the next one comes soon
const PATIENT_MS = 1_500 // for a photo: it is the only one

self.addEventListener('message', (event: MessageEvent<Frame>) => {
  const { width, height, data, patient } = event.data
  let text: string | null = null
  try {
    text = decodeQR({ width, height, data: new Uint8ClampedArray(data) }, { format: 'RGBA', timeLimit: patient ? PATIENT_MS : QUICK_MS, ...(patient ? { effort: 8 } : {}) })
  } catch { /* no code in this frame */ }
  self.postMessage({ text, data } satisfies Read, { transfer: [data] })
})
