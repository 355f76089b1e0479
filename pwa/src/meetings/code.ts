/** The rotating code of a meeting's screen: how it is built and how it is recognised. Whether one is genuine and fresh only the server judges. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567' // RFC 4648
const CODE = /^([A-Z2-7]{8})([A-Z2-7]{7})([A-Z2-7]{2})([A-Z2-7]{16})$/
const LINK = /^https?:\/\/[^/?#\s]+\/Q\/([A-Z2-7]{33})$/i
const SLOT_LETTERS = 7
const MAC_BYTES = 10

export interface Code { text: string; meeting: string; slot: string; display: string; mac: string }

/** The 33 letters after /Q/, taken apart; nothing when they are not of this grammar. */
export function readCode(text: string): Code | undefined {
  const found = CODE.exec(text.trim().toUpperCase())
  if (!found) return undefined
  const [letters, meeting, slot, display, mac] = found as unknown as [string, string, string, string, string]
  return { text: letters, meeting, slot, display, mac }
}

/** What a QR says, if it is a sign-in code. Its address is never opened: only the letters count. */
export function readScan(text: string): Code | undefined {
  const letters = LINK.exec(text.trim())?.[1]
  return letters ? readCode(letters) : undefined
}

/** Seven letters, most significant first. Past 2³¹ in a few decades of slots, so no bit operators. */
export function slotText(slot: number): string {
  let text = ''
  for (let rest = slot, i = 0; i < SLOT_LETTERS; i++, rest = Math.floor(rest / 32)) text = LETTERS[rest % 32] + text
  return text
}

export function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    for (bits += 8; bits >= 5; bits -= 5) text += LETTERS[(value >>> (bits - 5)) & 31]
    value &= 0xff
  }
  return bits ? text + LETTERS[(value << (5 - bits)) & 31] : text
}

/** What the server hands to a screen: enough to go on without network until the meeting is over. */
export interface ScreenKey { display: string; meeting_code: string; key: string; prefix: string; slot_seconds: number }

export function openKey({ key }: ScreenKey): Promise<CryptoKey> {
  const bytes = Uint8Array.from(atob(key.replaceAll('-', '+').replaceAll('_', '/')), char => char.charCodeAt(0))
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
}

export function slotAt(serverMs: number, { slot_seconds }: Pick<ScreenKey, 'slot_seconds'>): number {
  return Math.floor(serverMs / 1000 / slot_seconds)
}

/** The text of the QR for one slot. Upper case throughout keeps it in the alphanumeric mode, whose modules are a third bigger. */
export async function linkFor(slot: number, screen: ScreenKey, key: CryptoKey): Promise<string> {
  const letters = slotText(slot)
  const signed = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(`hl1|in|${screen.meeting_code}|${letters}`))
  return `${screen.prefix}${screen.meeting_code}${letters}${screen.display}${base32(new Uint8Array(signed).subarray(0, MAC_BYTES))}`
}
