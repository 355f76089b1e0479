import { shortDay } from '../core/dates'
import { is, person } from '../core/person'
import { Cell, Empty, Listing, Mark, PhotosTag, Tag } from '../core/ui'
import { PATH, type Issue } from './issue'
import type { IssueListState } from './use-issue'
import { dueMark, STATE_WORDS, whereOf } from './words'

export { useIssues } from './use-issue'

export function IssueList({ pages, items, waiting, segment, q }: IssueListState & { segment: 'open' | 'resolved'; q?: string }) {
  const writes = is('secretary', 'branch_lead')
  const title = q ? '没有找到' : segment === 'open' ? '没有未办结的问题' : '还没有已办结的问题'
  const text = q ? '换个词再试' : writes && segment === 'open' ? '居民反映的事，记下来，跟到办结' : ''
  const empty = <Empty title={title} text={text} action={writes && !q && segment === 'open' && <a class="weui-btn weui-btn_primary" href="/issues/new">记问题</a>} />
  return <Listing pages={pages} items={items} empty={empty} render={issue => <IssueCell key={issue.id} issue={issue} path={waiting.get(issue.id) ?? PATH(issue.id)} />} />
}

/** `path`: what its mark speaks of, the issue or a step on it that is still on this phone. `byDue`: the day at its edge is the one it is due, else the one it was noted. */
export function IssueCell({ issue, path, byDue }: { issue: Issue; path: string; byDue?: boolean }) {
  const mine = issue.secretary.id === person.value?.id
  const due = mine ? dueMark(issue) : undefined
  return (
    <Cell title={<span class="clip">{issue.what}</span>} desc={[!mine && issue.host_unit.name, whereOf(issue)].filter(Boolean).join(' · ')} time={byDue && due ? `${shortDay(issue.due_at).split(' ')[0]!}前` : shortDay(issue.made_at)} to={PATH(issue.id)}>
      <span class="tags">
        <StateTag issue={issue} />
        {due && <Tag {...(due.kind ? { kind: due.kind } : {})}>{due.words}</Tag>}
        {!mine && <Tag>{issue.secretary.name}</Tag>}
        {!mine && <PhotosTag photos={issue.photos} />}
        {issue.agenda && <Tag>已提交支部</Tag>}
        {mine && <Mark path={path} quiet />}
      </span>
    </Cell>
  )
}

export function StateTag({ issue }: { issue: Issue }) {
  if (issue.returned) return <Tag kind="red">被退回</Tag>
  if (issue.held_reason) return <Tag kind="wait">待确认</Tag>
  return issue.state === 'resolved' ? <Tag kind="done">{STATE_WORDS.resolved}</Tag> : <Tag>{STATE_WORDS[issue.state]}</Tag>
}
