import { hex } from './ids'

// Asked for when the app starts, where it will be needed: a page served over plain http in a trial.
const plain = globalThis.crypto?.subtle ? undefined : import('./digest-plain')

/** Lower-case hex SHA-256, the platform's own where there is one. */
export async function sha256(data: Uint8Array<ArrayBuffer> | string): Promise<string> {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data
  if (globalThis.crypto?.subtle) return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
  return hex((await (plain ?? import('./digest-plain'))).sha256Bytes(bytes))
}

/** The value of RFC 9530's Content-Digest header for a digest in hex. */
export function contentDigest(hexDigest: string): string {
  const bytes = hexDigest.match(/../g)!.map(pair => parseInt(pair, 16))
  return `sha-256=:${btoa(String.fromCharCode(...bytes))}:`
}
