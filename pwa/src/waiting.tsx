import { useEffect } from 'preact/hooks'
import { exportThem } from './hand-over'
import { ago, dayTime } from './core/dates'
import type { OutboxRow } from './core/db'
import { wake } from './core/bell'
import { installable } from './core/pwa'
import { go } from './core/router'
import { measure, safety, spaceLeft } from './core/storage'
import { Button, Cell, Cells, Empty, lazy, Mark, Page, Strip, toast } from './core/ui'
import { asidesCount, known, noneWords, paused, progressOf, rows, waiting, words } from './core/waiting'

const Asides = lazy(() => import('./asides'))

/** 待上传: everything that is only on this phone, with what hinders it, how safe it lies here, and the way out. */
export function WaitingPage() {
  const owners = [...new Map(rows.value.map(row => [row.owner, row])).values()]
  const { count, oldest } = waiting.value
  useEffect(() => { void measure() }, [])
  return (
    <Page title="待上传" up="/me" foot={count > 0 && <Button onClick={() => wake('by_hand')}>立即上传</Button>}>
      {paused.value && <Strip kind="wait" onClick={() => go('/signin')}>登录已过期，重新登录后继续上传</Strip>}
      {count > 0 && installable.value === 'ios_safari' && <Strip kind="wait">请把红领通添加到主屏幕：7 天不打开，苹果手机可能清掉还没上传的记录</Strip>}
      {count === 0
        ? <Empty title={noneWords.value} text={known.value ? '这台手机上没有待上传的记录' : '请稍后再看，或重新打开红领通'} />
        : <Cells title={`待上传 ${count} 条 · 最早 ${ago(oldest!)}`} tips="记录存在本机，有网络时自动上传，不会过期。">{owners.map(row => <WaitingCell key={row.owner} row={row} />)}</Cells>}
      {asidesCount.value > 0 && <Asides />}
      <Cells>
        <Cell title="本机存储" desc={`${spaceLeft()}；${safety()}`} />
        {count > 0 && <Cell title="导出备份" desc="把没传上去的记录和照片打成一个文件，交给技术支持" onClick={() => void exportThem()} />}
        <Cell title="诊断" desc="这台手机能做什么，可以复制给技术支持" to="/diag" />
      </Cells>
    </Page>
  )
}

function WaitingCell({ row }: { row: OutboxRow }) {
  const { row: worst, state } = progressOf(row.owner)
  const reason = worst?.problem?.title ?? (worst?.tries ? `第 ${worst.tries} 次未成功：${worst.last}` : '')
  return (
    <Cell title={words.value.get(row.owner) ?? '照片'} desc={reason || `${dayTime(row.made_at)} 保存`} onClick={() => void open(row.owner, worst)}>
      <span class="tags"><Mark path={row.owner} />{state === 'needs_attention' && worst?.problem?.detail}</span>
    </Cell>
  )
}

/** What can be done about a refused record comes when it is wanted: mostly nothing ever is. */
async function open(owner: string, worst: OutboxRow | undefined): Promise<void> {
  try {
    const { attend } = await import('./attend')
    await attend(owner, worst)
  } catch {
    toast('请连上网络后再处理，记录仍在本机', 'warn')
  }
}
