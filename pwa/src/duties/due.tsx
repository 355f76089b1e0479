import { serverNow } from '../core/clock'
import { shortDay, toInput } from '../core/dates'
import { Cell, Cells, Tag } from '../core/ui'
import { pressing } from './duty'
import { useDuties } from './use-duties'
import { titleOf } from './words'

const MOST = 4

/** On 今天, for whoever owes something: what is overdue or due soon. `quiet`: nothing at all when nothing presses. */
export function DueDuties({ title, quiet }: { title: string; quiet?: boolean }) {
  const { duties: items } = useDuties()
  const due = pressing(items ?? [], toInput(serverNow()).slice(0, 10))
  if (!due.length && quiet) return null
  const open = (items ?? []).filter(one => one.state !== 'done').sort((a, b) => a.due_on < b.due_on ? -1 : 1)
  return (
    <Cells title={title} aside={due.length > 0 && <a class="more-link" href="/duties">全部</a>}>
      {due.slice(0, MOST).map(one => <Cell key={`${one.duty} ${one.period}`} title={titleOf(one)} value={`${one.done}/${one.owed}`} to="/duties"><span class="tags">{one.state === 'overdue' ? <Tag kind="red">已过期</Tag> : <Tag kind="wait">{shortDay(one.due_on)}前</Tag>}</span></Cell>)}
      {!due.length && <Cell title={!items ? '还没有取到' : open.length ? `还有 ${open.length} 项没办完` : '都办好了'} desc={open[0] && `最早 ${shortDay(open[0].due_on)}前`} to="/duties" />}
    </Cells>
  )
}
