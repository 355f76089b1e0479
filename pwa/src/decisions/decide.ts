import { uuid7 } from '../core/ids'
import { isNewer, useLocal } from '../core/list'
import { save } from '../core/save'
import { choose, prompt, toast } from '../core/ui'
import type { Routes } from '../core/wire'

type Body = Routes['PUT /api/decisions/{id}']['body']

/** What is decided: `path` as the server lists it, /api/<nouns>/<id>; `what` as people call it. */
export interface Asked { path: string; what: string; who: string; reason: string; yes?: string }

/** 确认 or 退回 something that the rules could not place. Returned, its sender reads the sentence. */
export async function decide({ path, what, who, reason, yes = '确认' }: Asked): Promise<void> {
  const verdict = await choose([{ value: 'accept' as const, words: yes }, { value: 'return' as const, words: '退回', danger: true }], `${who}同志的${what}：${reason}`)
  if (!verdict) return
  const words = verdict === 'return' ? await prompt({ title: '退回', text: '请写一句原因，对方会看到：', yes: '退回' }) : ''
  if (words === undefined) return
  try {
    await save('PUT /api/decisions/{id}', { id: uuid7(), about: path, body: { path, verdict, words }, words: `${verdict === 'accept' ? yes : '退回'} · ${who}的${what}` })
    toast(verdict === 'accept' ? '已确认' : '已退回')
  } catch (error) {
    toast((error as Error).message, 'warn')
  }
}

/** Paths that this phone decided since the list was asked for: they wait for nobody any more. */
export function useDecided(asOf: number | null): Set<string> {
  const local = useLocal<Body>('decisions')
  return new Set((local.value ?? []).filter(one => isNewer(one.delivered_at, asOf)).map(one => one.value.path))
}
