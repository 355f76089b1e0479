import { useHeld } from '../core/list'
import { AsOf, Cell, Cells, Empty, Loading, Page } from '../core/ui'
import { periodOf } from './words'
import './duties.css'

/** One unit by duty and period, in counts; what it noted stands in 履责记录. */
export default function UnitBoardPage({ id = '' }: { id?: string }) {
  const server = useHeld('GET /api/duty-board/{id}', { path: { id }, query: {} })
  const found = server.data.value
  if (!found) return <Page title="履责情况" up="/duty-board">{server.missing.value ? <Empty title="没有这个单位" text="可能不在您的范围内" /> : server.loading.value ? <Loading /> : <AsOf at={null} error={server.error.value} />}</Page>
  return (
    <Page title={found.unit.name} up="/duty-board" onRefresh={server.refresh}>
      {found.duties.filter(duty => duty.cells.length > 0).map(duty => (
        <Cells key={duty.duty} title={duty.title}>
          <table class="board__table">
            <thead><tr><th scope="col">时段</th><th scope="col">应办</th><th scope="col">已办</th><th scope="col">超期</th></tr></thead>
            <tbody>{duty.cells.map(cell => <tr key={cell.period}><th scope="row">{periodOf(cell.period)}</th><td>{cell.owed}</td><td>{cell.done}</td><td>{cell.overdue || '–'}</td></tr>)}</tbody>
          </table>
        </Cells>
      ))}
      <Cells><Cell title="选派到哪里" to={`/postings?q=${encodeURIComponent(found.unit.name)}`} /></Cells>
      <AsOf at={server.asOf.value} error={server.error.value} />
    </Page>
  )
}
