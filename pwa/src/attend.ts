import { bodyOf, goingWith, intoDraft, recordOf, saveAsNew, sendAgain, setAside, throwAway } from './core/attention'
import type { OutboxRow, StoredRecord } from './core/db'
import { go } from './core/router'
import { choose, confirm, toast, type Asking, type Choice } from './core/ui'
import { exportThem } from './hand-over'

type What = 'open' | 'retry' | 'correct' | 'again' | 'scan' | 'as_new' | 'aside' | 'export' | 'discard'

const OPENS = /^\/(visits|issues|meetings|fulfilments)\/[^/]+$/

/** 需处理: the server's sentence, and every way on that makes sense for this record. */
export async function attend(owner: string, worst: OutboxRow | undefined): Promise<void> {
  if (!worst?.problem) return OPENS.test(owner) ? go(owner) : undefined
  const record = worst.key.startsWith('/photos/') ? undefined : await recordOf(worst.key)
  const what = await choose(choicesFor(owner, worst, record), worst.problem.title)
  try {
    if (what) await act(what, { owner, key: worst.key, record })
  } catch (error) {
    toast((error as Error).message || '没有成功，请再试一次', 'warn')
  }
}

export function choicesFor(owner: string, row: OutboxRow, record: StoredRecord | undefined): Choice<What>[] {
  const clash = row.problem?.type === 'digest_differs'
  // A void stands under the id of its visit and has none of its own to change.
  const renames = record?.path.endsWith(`/${record.id}`) && (clash || row.problem?.type === 'id_taken')
  const choices: (Choice<What> | false | undefined)[] = [
    OPENS.test(owner) && { value: 'open', words: '打开查看' },
    renames && { value: 'as_new', words: '另存为新记录' },
    record && OPENS.test(owner) && { value: 'correct', words: '修改重发' },
    record?.kind === 'issue-actions' && { value: 'again', words: '修改重发' },
    record?.kind === 'checkins' && { value: 'scan', words: '再扫一次' },
    record && clash && { value: 'aside', words: '以服务器为准（本机内容留存）' },
    { value: 'retry', words: '重试' },
    { value: 'export', words: '导出' },
    !clash && { value: 'discard', words: '不再上传，删除', danger: true },
  ]
  return choices.filter(choice => choice !== false && choice !== undefined)
}

async function act(what: What, { owner, key, record }: { owner: string; key: string; record: StoredRecord | undefined }): Promise<void> {
  if (what === 'open') go(owner)
  if (what === 'retry') await sendAgain(key)
  if (what === 'correct') go(`${owner}/correct`)
  if (what === 'again') await stepAgain(record!)
  if (what === 'scan') go('/scan')
  if (what === 'export') await exportThem(owner)
  if (what === 'as_new') {
    await saveAsNew(record!)
    toast('已另存为新记录')
  }
  if (what === 'aside') {
    await setAside(record!)
    toast('已以服务器上的为准，本机内容留存在待上传页')
  }
  if (what === 'discard' && await confirm(await lastWords(key))) await throwAway(key)
}

async function lastWords(key: string): Promise<Asking> {
  const more = await goingWith(key)
  const what = key.startsWith('/photos/') ? '这张照片' : `这条记录${more ? `，连同它后面的 ${more} 条` : ''}`
  return { title: `删除${what}？`, text: `服务器没有收下${more ? '它们' : '它'}，删除后不能找回。`, yes: '删除', danger: true }
}

/** A step has no version: its content goes back into the form as a new try. */
async function stepAgain(record: StoredRecord): Promise<void> {
  const { state, note, agenda, photos } = await bodyOf(record)
  await intoDraft(record, `issues/${record.about}/step`, { state, note, agenda, photos }, false)
  go(`/issues/${record.about}/step`)
}
