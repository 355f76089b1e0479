import { Stale, withStore, write, type WriteTx } from './db'

/* Counts what a person saved on this phone. The number is in the body that is digested, and no transaction lives as long as a digest takes: so the
   next number is guessed, and with the record it is taken, unless another window took it meanwhile. */

const SEQ = 'seq'
/** What this window saw last, of each person. */
const seen = new Map<string, number>()

export const guessSeq = (who: string) => (seen.get(who) ?? 0) + 1

/** Before it is needed, as a form opens: a first guess that is right spares the save a second try. */
export async function lookAhead(who: string): Promise<void> {
  seen.set(who, Number(await withStore(who, db => db.get('meta', SEQ)) ?? 0))
}

/** Throws Stale where the number is taken; the next guess is better. What it returns writes the number down. */
export async function takeSeq(tx: WriteTx, who: string, seq: number): Promise<() => Promise<unknown>> {
  const last = Number(await tx.objectStore('meta').get(SEQ) ?? 0)
  seen.set(who, Math.max(last, seq))
  if (last >= seq) throw new Stale()
  return () => tx.objectStore('meta').put(seq, SEQ)
}

/** One for what is no record of this phone. */
export function nextSeq(who: string): Promise<number> {
  return write(who, ['meta'], async tx => {
    const seq = Number(await tx.objectStore('meta').get(SEQ) ?? 0) + 1
    await tx.objectStore('meta').put(seq, SEQ)
    seen.set(who, seq)
    return seq
  })
}
