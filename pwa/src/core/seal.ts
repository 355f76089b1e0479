import { withStore, write, type Sealed } from './db'

/* What a resident told in confidence, kept unreadable on the phone's disk. The key cannot be taken out of the browser, so a copied file or a
   backup shows nothing; it does not protect from someone who holds the unlocked phone. */

export const SEAL_KEY = 'seal-key'

/** Plain text where the platform has no WebCrypto (a page over plain http): saving must never fail for want of a key. `known` spares a look for it. */
export async function seal(personId: string, text: string, known?: CryptoKey): Promise<string | Sealed> {
  if (!globalThis.crypto?.subtle) return text
  const key = known ?? await keyOf(personId)
  const iv = crypto.getRandomValues(new Uint8Array(12))
  return { iv, data: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode(text)) }
}

export async function unseal(personId: string, value: string | Sealed): Promise<string> {
  if (typeof value === 'string') return value
  return openWith(await keyOf(personId), value)
}

export async function openWith(key: CryptoKey, { iv, data }: Sealed): Promise<string> {
  return new TextDecoder().decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, data))
}

async function keyOf(personId: string): Promise<CryptoKey> {
  const known = await withStore(personId, db => db.get('meta', SEAL_KEY)) as CryptoKey | undefined
  if (known) return known
  const fresh = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  // Two tabs may both have made one: the first that was kept is everybody's.
  return write(personId, ['meta'], async tx => {
    const meta = tx.objectStore('meta')
    const first = await meta.get(SEAL_KEY) as CryptoKey | undefined
    if (first) return first
    await meta.put(fresh, SEAL_KEY)
    return fresh
  })
}
