import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { asides, dropAside, takeUp } from './core/attention'
import { dayTime } from './core/dates'
import type { StoredDraft } from './core/db'
import { Cell, Cells, choose, confirm, toast, type Choice } from './core/ui'
import { asidesCount, draftOf, rows } from './core/waiting'
import { exportThem } from './hand-over'

/** What gave way to the server's version, or lay where a form could not see it, stays until the person takes it up or throws it away. */
export default function Asides() {
  const found = useSignal<StoredDraft[]>([])
  const look = async () => { found.value = await asides().catch(() => []) }
  useEffect(() => { void look() }, [rows.value, asidesCount.value])
  if (!found.value.length) return null
  const act = async (draft: StoredDraft) => {
    const isDraft = draftOf(draft.key) !== undefined
    const more: Choice<What>[] = isDraft ? [{ value: 'take_up', words: '恢复成草稿' }] : []
    const choice = await choose<What>([...more, { value: 'export', words: '导出' }, { value: 'drop', words: '删除', danger: true }], isDraft ? '没写完的草稿' : '以服务器为准后留下的本机内容')
    if (choice === 'take_up') await takeUp(draft).then(() => toast('已恢复，打开那张表就能接着写'), (error: Error) => toast(error.message, 'warn'))
    if (choice === 'export') await exportThem()
    if (choice === 'drop' && await confirm({ title: '删除这份内容？', text: '删除后不能找回。', yes: '删除', danger: true })) await dropAside(draft.key)
    await look()
  }
  return <Cells title="留存的本机内容" tips="以服务器为准后留下的，或手机存储打不开时没能显示的草稿。">{found.value.map(draft => <Cell key={draft.key} title={`${dayTime(draft.updated_at)} ${draftOf(draft.key) === undefined ? '留存' : '没写完的草稿'}`} onClick={() => void act(draft)} />)}</Cells>
}

type What = 'take_up' | 'export' | 'drop'
