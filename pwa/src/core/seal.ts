import { Stale, withStore, write, type PersonDB, type Sealed, type WriteTx } from './db'

/* What a resident told in confidence, kept unreadable on the phone's disk. The key cannot be taken out of the browser, so a copied file or a
   backup shows nothing; it does not protect from someone who holds the unlocked phone. */

const KEY = 'seal-key'
/** By connection, so that lists need not look for it for each record. */
const known = new WeakMap<PersonDB, CryptoKey>()
const sealedFor = new WeakMap<Sealed, PersonDB>()

/** Plain text where the platform has no WebCrypto (a page over plain http): saving must never fail for want of a key. */
export async function seal(personId: string, text: string): Promise<string | Sealed> {
  if (!globalThis.crypto?.subtle) return text
  const { key, db } = await keyOf(personId)
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const sealed = { iv, data: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode(text)) }
  sealedFor.set(sealed, db)
  return sealed
}

/** Throws Stale where `value` was sealed for a connection that was lost since: the store may be another by now, and its key too. */
export function mustOpen(tx: WriteTx, value: string | Sealed): void {
  if (typeof value !== 'string' && sealedFor.get(value) !== tx.db) throw new Stale()
}

export async function unseal(personId: string, value: string | Sealed): Promise<string> {
  if (typeof value === 'string') return value
  return openWith((await keyOf(personId)).key, value)
}

export async function openWith(key: CryptoKey, { iv, data }: Sealed): Promise<string> {
  return new TextDecoder().decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, data))
}

async function keyOf(personId: string): Promise<{ key: CryptoKey; db: PersonDB }> {
  const found = await withStore(personId, async db => {
    const key = known.get(db) ?? await db.get('meta', KEY) as CryptoKey | undefined
    return key && known.set(db, key) && { key, db }
  })
  if (found) return found
  const fresh = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  // Two tabs may both have made one: the first that was kept is everybody's.
  await write(personId, ['meta'], async tx => {
    const meta = tx.objectStore('meta')
    if (!await meta.getKey(KEY)) await meta.put(fresh, KEY)
  })
  return keyOf(personId)
}
