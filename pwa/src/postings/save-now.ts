import { onChange } from '../core/bell'
import { ApiProblem } from '../core/api'
import { withStore } from '../core/db'
import { discard } from '../core/discard'
import { person } from '../core/person'
import { save, type RecordRoute, type Saving } from '../core/save'

const PATIENCE_MS = 8_000

export type Outcome = 'delivered' | 'waiting'

/** At a desk the answer is wanted at once: saved like everything else, then waited for. What the server refuses is taken back and its sentence
 * thrown, so that the form stays as it was; without network it stays in the outbox. */
export async function saveNow<R extends RecordRoute>(route: R, saving: Saving<R>): Promise<Outcome> {
  const who = person.value!.id
  const { key } = await save(route, saving)
  const outcome = await settled(who, key)
  if (outcome !== 'refused') return outcome
  const row = await withStore(who, db => db.get('outbox', key))
  await discard(who, key)
  throw row?.problem ? new ApiProblem(row.problem) : new Error('服务器没有收下，请核对后再试')
}

function settled(who: string, key: string): Promise<Outcome | 'refused'> {
  return new Promise(resolve => {
    const look = async () => {
      const row = await withStore(who, db => db.get('outbox', key)).catch(() => null)
      if (row === null) end('waiting') // it is saved; what became of it cannot be read
      else if (!row) end('delivered')
      else if (row.problem) end('refused')
    }
    const stop = onChange(() => void look())
    const timer = setTimeout(() => end('waiting'), PATIENCE_MS)
    const end = (outcome: Outcome | 'refused') => {
      stop()
      clearTimeout(timer)
      resolve(outcome)
    }
    void look()
  })
}

/** The server's words for each field, joined: a form at a desk shows them as one sentence. */
export function sentenceOf(error: unknown): string {
  const fields = error instanceof ApiProblem ? Object.values(error.body.fields ?? {}).flat() : []
  return fields.length ? fields.join('；') : (error as Error).message
}
