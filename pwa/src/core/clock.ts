import { signal } from '@preact/signals'

/** How far this phone's clock stands from the server's, in ms (server − phone), and when that was measured. The device's time stays a claim; the offset only helps the screen. */
export interface Offset { ms: number; measured_at: number }

export const offset = signal<Offset | null>(null)

/** Called with every answer that names the server's time. The middle of the request is when the server looked at its clock. */
export function learn(serverTime: string | undefined, sentAt: number, answeredAt: number = Date.now()): void {
  const server = serverTime === undefined ? Number.NaN : Date.parse(serverTime)
  if (Number.isNaN(server) || answeredAt < sentAt) return
  offset.value = { ms: Math.round(server - (sentAt + answeredAt) / 2), measured_at: answeredAt }
}

/** The server's time as well as this phone can tell it. */
export function serverNow(): number {
  return Date.now() + (offset.value?.ms ?? 0)
}
