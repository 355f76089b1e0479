import { withStore, write, type AnyTx, type OutboxRow, type StoreName } from './db'
import { isPhoto } from './outbox'
import { letGo } from './tally'

/* Apart from the outbox: only who decides about a refused record needs it. */

/** Give up something the server refused, with what could never arrive without it. What merely waited for it goes on its own. Only ever called by a
 * person's own decision. */
export function discard(personId: string, key: string): Promise<void> {
  return write(personId, ['outbox', 'records', 'photos'], async tx => {
    const outbox = tx.objectStore('outbox')
    const rows = await outbox.getAll()
    const gone = await goneWith(tx, key, rows)
    letGo(personId, rows.filter(row => gone.has(row.key)).map(row => row.owner))
    for (const each of gone) {
      await outbox.delete(each)
      await tx.objectStore('records').delete(each)
      if (each.startsWith('/photos/')) await tx.objectStore('photos').delete(each.slice('/photos/'.length))
    }
    for (const row of rows) {
      if (!gone.has(row.key) && row.after.some(parent => gone.has(parent))) await outbox.put({ ...row, after: row.after.filter(parent => !gone.has(parent)) })
    }
  })
}

/** How many records would go with it, for the question. */
export function followers(personId: string, key: string): Promise<number> {
  return withStore(personId, async db => {
    const tx = db.transaction(['outbox', 'records'] as StoreName[])
    const rows = await tx.objectStore('outbox').getAll()
    const gone = await goneWith(tx, key, rows)
    return rows.filter(row => row.key !== key && gone.has(row.key) && !isPhoto(row)).length
  })
}

/** Its photos; and if the server never had it, what is about it: the steps of an issue, the ticks of a meeting, the void of a visit. Of a correction
 * the server has an earlier version, and all of that may still arrive; and a void or a step has nothing of its own. */
async function goneWith(tx: AnyTx, key: string, rows: OutboxRow[]): Promise<Set<string>> {
  const gone = new Set([key])
  const record = await tx.objectStore('records').get(key)
  if (record && !record.if_match && record.path.endsWith(`/${record.id}`)) {
    const about = new Set(await tx.objectStore('records').index('about').getAllKeys(record.id))
    for (const row of rows) if (about.has(row.key)) gone.add(row.key)
  }
  for (const row of rows) if (isPhoto(row) && row.after.some(parent => gone.has(parent))) gone.add(row.key)
  return gone
}
