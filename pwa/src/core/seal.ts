import { withStore, write, type PersonDB, type Sealed, type WriteTx } from './db'

/* What a resident told in confidence, kept unreadable on the phone's disk. The key cannot be taken out of the browser, so a copied file or a
   backup shows nothing; it does not protect from someone who holds the unlocked phone. */

const KEY = 'seal-key'
/** Of connections. One that is closed may be found out late, so save() asks hasKey() besides. */
const known = new WeakMap<PersonDB, CryptoKey>()

/** Whether the key is in the store that `tx` writes to: one that the browser made anew while it was open has none. */
export async function hasKey(tx: WriteTx): Promise<boolean> {
  const there = await tx.objectStore('meta').getKey(KEY) !== undefined
  if (!there) known.delete(tx.db)
  return there
}

/** Plain text where the platform has no WebCrypto (a page over plain http): saving must never fail for want of a key. */
export async function seal(personId: string, text: string): Promise<string | Sealed> {
  if (!globalThis.crypto?.subtle) return text
  const key = await keyOf(personId)
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
  const kept = await withStore(personId, async db => {
    const key = known.get(db) ?? await db.get('meta', KEY) as CryptoKey | undefined
    if (key) known.set(db, key)
    return key
  })
  if (kept) return kept
  const fresh = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  // Two tabs may both have made one: the first that was kept is everybody's.
  return write(personId, ['meta'], async tx => {
    const meta = tx.objectStore('meta')
    const first = await meta.get(KEY) as CryptoKey | undefined
    if (first) return first
    await meta.put(fresh, KEY)
    return fresh
  })
}
