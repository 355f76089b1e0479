import { usePages } from './core/pages'
import { is } from './core/person'
import { Cell, Cells, Tag } from './core/ui'
import { useDecided } from './decisions/decide'

/** The lists of those who look after others: nothing of it for a secretary. */
export function RoleCells() {
  return <>
    {is('organizer', 'branch_lead') && <HeldCells />}
    {is('sending_unit_officer') && <Cells title="派出单位责任">
      <Cell title="履责" desc="谈心谈话、听汇报、调研、现场办公" to="/duties" />
      <Cell title="履责记录" to="/fulfilments" />
      <Cell title="本单位负责同志" to="/unit-leaders" />
    </Cells>}
    {is('branch_lead') && <Cells><Cell title="支部事项" desc="月例会、季度观摩、任期规划" to="/duties" /></Cells>}
    {is('organizer') && <Cells title="责任">
      <Cell title="履责情况" desc="派出单位、支部按季度" to="/duty-board" />
      <Cell title="组织部门事项" desc="保险、任期" to="/duties" />
      <Cell title="履责记录" to="/fulfilments" />
    </Cells>}
    {is('organizer') && <Cells title="组织管理">
      <Cell title="红领书记" to="/people" />
      <Cell title="选派" to="/postings" />
      <Cell title="社区和企业" to="/host-units" />
      <Cell title="临时党支部" to="/branches" />
      <Cell title="派出单位" to="/sending-units" />
    </Cells>}
    {!is('organizer') && is('host_officer', 'sending_unit_officer', 'branch_lead') && <Cells><Cell title={is('branch_lead') ? '支部同志' : '红领书记'} to="/people" /></Cells>}
    {is('administrator') && <Cells title="系统管理">
      <Cell title="账号管理" to="/accounts" />
      <Cell title="系统" desc="后台任务、提醒通道、发送失败" to="/system" />
      <Cell title="收到的投诉建议" to="/feedback/list" />
    </Cells>}
  </>
}

/** What waits for this person's word, counted: nobody opens a list to see whether it is empty. */
export function HeldCells({ onlyIfAny }: { onlyIfAny?: boolean }) {
  const pages = usePages('GET /api/held', {})
  const decided = useDecided(pages.asOf.value)
  const count = (pages.data.value?.items ?? []).filter(one => !decided.has(one.path)).length
  if (onlyIfAny && !count) return null
  return <Cells><Cell title="待确认的记录" value={count > 0 && <Tag kind="wait">{count}{pages.hasMore.value && '+'} 条</Tag>} to="/held" /></Cells>
}
