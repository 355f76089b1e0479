/** Version 7 of RFC 9562, made on the phone when a form opens. Old web views have no crypto.randomUUID and no page served over plain http has it. */

let lastMillis = 0
let counter = 0

/** Ids made in one millisecond still sort in the order they were made: the 12 bits behind the time count up. */
export function uuid7(now: number = Date.now()): string {
  if (now > lastMillis) {
    lastMillis = now
    counter = randomBytes(2).reduce((sum, byte) => sum * 256 + byte, 0) & 0x7ff
  } else if (++counter > 0xfff) {
    lastMillis += 1
    counter = 0
  }
  const time = lastMillis.toString(16).padStart(12, '0')
  const tail = randomBytes(8)
  tail[0] = (tail[0]! & 0x3f) | 0x80
  const rest = hex(tail)
  const head = `7${counter.toString(16).padStart(3, '0')}`
  return `${time.slice(0, 8)}-${time.slice(8)}-${head}-${rest.slice(0, 4)}-${rest.slice(4)}`
}

/** 128 random bits beside a record: without them the digest of a body with a place would give the place away. */
export function salt(): string {
  return hex(randomBytes(16))
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}

function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length))
}
