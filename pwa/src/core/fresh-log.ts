import { deleteDB, openDB } from 'idb'

/* Chromium writes IndexedDB into a log. An app that is killed in the middle of an entry leaves it torn, and the next start writes on behind it; the
 * start after that finds an entry that makes no sense, and throws the whole store away as damaged: all that was not sent is gone. When some
 * megabytes have gone in, a new log is begun and the old one, torn or not, is folded into a table. So each start puts them in, and takes them out. */

const NAME = 'hongling-log'
const PIECES = 90
const PIECE_BYTES = 50_000 // larger ones are not written into the log itself

export async function beginFreshLog(): Promise<void> {
  if (!/Chrome\//.test(navigator.userAgent)) return // others keep their stores in SQLite
  const db = await openDB<{ pieces: { key: number; value: Uint8Array } }>(NAME, 1, { upgrade(fresh) { fresh.createObjectStore('pieces') } })
  try {
    const tx = db.transaction('pieces', 'readwrite')
    for (let i = 0; i < PIECES; i++) void tx.store.put(new Uint8Array(PIECE_BYTES), i).catch(() => undefined)
    await tx.done
  } finally {
    db.close()
    await deleteDB(NAME)
  }
}
