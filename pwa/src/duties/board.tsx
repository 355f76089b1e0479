import { useSignal } from '@preact/signals'
import { useHeld } from '../core/list'
import { place } from '../core/router'
import { AsOf, Chips, Empty, Loading, Page, Search } from '../core/ui'
import { columnOf } from './words'
import './duties.css'

interface Counts { period: string; owed: number; done: number; overdue: number }
type Holder = 'sending_unit' | 'branch'
const HOLDERS: { value: Holder; words: string }[] = [{ value: 'sending_unit', words: '派出单位' }, { value: 'branch', words: '临时党支部' }]

/** 履责情况: units by name × quarters, as done/owed. Red says that something is overdue, never whose. */
export default function BoardPage() {
  const holder = useSignal<Holder>('sending_unit')
  const q = useSignal('')
  const server = useHeld('GET /api/duty-board', { query: { holder: holder.value } })
  const board = server.data.value
  const rows = board?.items.filter(one => one.unit.name.includes(q.value)) ?? []
  return (
    <Page title={board ? `${board.year}年履责情况` : '履责情况'} up="/me" onRefresh={server.refresh}>
      <Search value="" onSearch={words => { q.value = words }} placeholder="按名称查找" />
      <Chips label="看哪些" value={holder.value} onChange={value => { holder.value = value }} options={HOLDERS} />
      {!board ? server.loading.value ? <Loading /> : <AsOf at={null} error={server.error.value} /> : <>
        <div class="board__row board__head">{board.columns.map(column => <span key={column}>{columnOf(column)}</span>)}</div>
        {!q.value && <div class="board__row"><span class="board__name"><span>合计</span><span>已办/应办</span></span>{board.totals.map(cell => <Count key={cell.period} cell={cell} />)}</div>}
        {rows.map(row => (
          <a key={row.unit.id} class="board__row" href={`/duty-board/${row.unit.id}`} aria-current={place.value.path === `/duty-board/${row.unit.id}` ? 'true' : undefined}>
            <span class="board__name"><span>{row.unit.name}</span><span>{row.postings} 位</span></span>
            {row.cells.map(cell => <Count key={cell.period} cell={cell} />)}
          </a>
        ))}
        {!rows.length && <Empty title="没有找到" />}
        <AsOf at={server.asOf.value} error={server.error.value} />
      </>}
    </Page>
  )
}

export function Count({ cell }: { cell: Counts }) {
  if (!cell.owed) return <span class="board__cell" aria-label="没有应办的">–</span>
  const look = cell.overdue ? 'board__cell_late' : cell.done === cell.owed ? 'board__cell_done' : ''
  return <span class={`board__cell ${look}`} aria-label={`应办 ${cell.owed}，已办 ${cell.done}${cell.overdue ? `，超期 ${cell.overdue}` : ''}`}>{cell.done}/{cell.owed}</span>
}
