import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { asides, dropAside } from './core/attention'
import { dayTime } from './core/dates'
import type { StoredDraft } from './core/db'
import { Cell, Cells, choose, confirm } from './core/ui'
import { rows } from './core/waiting'
import { exportThem } from './hand-over'

/** What gave way to the server's version stays readable until the person throws it away. */
export default function Asides() {
  const found = useSignal<StoredDraft[]>([])
  const look = async () => { found.value = await asides().catch(() => []) }
  useEffect(() => { void look() }, [rows.value])
  if (!found.value.length) return null
  const act = async (draft: StoredDraft) => {
    const choice = await choose([{ value: 'export' as const, words: '导出' }, { value: 'drop' as const, words: '删除', danger: true }], '以服务器为准后留下的本机内容')
    if (choice === 'export') await exportThem()
    if (choice === 'drop' && await confirm({ title: '删除这份内容？', text: '删除后不能找回。', yes: '删除', danger: true })) await dropAside(draft.key)
    await look()
  }
  return <Cells title="留存的本机内容" tips="这些记录已以服务器上的为准，本机写的内容留在这里。">{found.value.map(draft => <Cell key={draft.key} title={`${dayTime(draft.updated_at)} 留存`} onClick={() => void act(draft)} />)}</Cells>
}
