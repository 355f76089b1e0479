import { ago } from './core/dates'
import { person } from './core/person'
import { Badge, Cell, Cells, Icon, Page } from './core/ui'
import { badges } from './core/ui/shell'
import { waiting } from './core/waiting'
import { PlusButton } from './plus'

/** 今天 answers, in this order: what is next, what is due, what waits to be sent. */
export function Today() {
  return (
    <Page title="今天" right={<PlusButton />}>
      <p class="prose">{person.value?.name}同志，您好</p>
      <WaitingCells />
      <Cells><Cell icon={<Icon name="bell" />} title="提醒" to="/reminders" value={<Badge count={badges.value.today ?? 0} />} /></Cells>
    </Page>
  )
}

function WaitingCells() {
  const { count, attention, oldest } = waiting.value
  const desc = count === 0 ? '都已送达' : `最早 ${ago(oldest!)}${attention ? `，${attention} 条需处理` : ''}`
  return <Cells title="待上传"><Cell icon={<Icon name="up" />} title={count === 0 ? '没有待上传的记录' : `${count} 条待上传`} desc={desc} to="/me/waiting" /></Cells>
}
