import { ago, dayTime } from './core/dates'
import type { OutboxRow } from './core/db'
import { discard } from './core/outbox'
import { person } from './core/person'
import { announce, wake } from './core/bell'
import { installable } from './core/pwa'
import { Button, Cell, Cells, choose, confirm, Empty, Mark, Page, Strip } from './core/ui'
import { paused, progressOf, rows, waiting, words } from './core/waiting'
import { go } from './core/router'

/** 待上传: everything that is only on this phone, with what hinders it. */
export function WaitingPage() {
  const owners = [...new Map(rows.value.map(row => [row.owner, row])).values()]
  const { count, oldest } = waiting.value
  return (
    <Page title="待上传" up="/me" foot={count > 0 && <Button onClick={() => wake('by_hand')}>立即上传</Button>}>
      {paused.value && <Strip kind="wait" onClick={() => go('/signin')}>登录已过期，重新登录后继续上传</Strip>}
      {count > 0 && installable.value === 'ios_safari' && <Strip kind="wait">请把红领通添加到主屏幕：7 天不打开，苹果手机可能清掉还没上传的记录</Strip>}
      {count === 0
        ? <Empty title="都已送达" text="这台手机上没有待上传的记录" />
        : <Cells title={`待上传 ${count} 条 · 最早 ${ago(oldest!)}`} tips="记录存在本机，有网络时自动上传，不会过期。">{owners.map(row => <WaitingCell key={row.owner} row={row} />)}</Cells>}
    </Page>
  )
}

function WaitingCell({ row }: { row: OutboxRow }) {
  const { row: worst, state } = progressOf(row.owner)
  const reason = worst?.problem?.title ?? (worst?.tries ? `第 ${worst.tries} 次未成功：${worst.last}` : '')
  return (
    <Cell title={words.value.get(row.owner) ?? '照片'} desc={reason || `${dayTime(row.made_at)} 保存`} onClick={() => void act(row.owner, worst)}>
      <span class="tags"><Mark path={row.owner} />{state === 'needs_attention' && worst?.problem?.detail}</span>
    </Cell>
  )
}

/** A visit or issue can be opened; what was refused can be corrected there or given up here. */
async function act(owner: string, worst: OutboxRow | undefined): Promise<void> {
  const opens = /^\/(visits|issues|meetings)\/[^/]+$/.test(owner)
  if (!worst?.problem) return opens ? go(owner) : undefined
  const choice = await choose([
    ...(opens ? [{ value: 'open' as const, words: '打开查看' }] : []),
    ...(opens ? [{ value: 'correct' as const, words: '修改重发' }] : []),
    { value: 'discard' as const, words: worst.problem.type === 'digest_differs' ? '以服务器上的为准' : '不再上传，删除', danger: true },
  ], worst.problem.title)
  if (choice === 'open') go(owner)
  if (choice === 'correct') go(`${owner}/correct`)
  if (choice === 'discard' && await confirm({ title: '删除这条记录？', text: '服务器没有收下它，删除后不能找回。', yes: '删除', danger: true })) {
    await discard(person.value!.id, worst.key)
    announce()
  }
}
