import { dayTime, longDay, time } from '../core/dates'
import { person } from '../core/person'
import { go } from '../core/router'
import { AsOf, BarButton, Button, Cells, choose, Empty, Fact, Facts, Icon, Loading, Mark, Page, PhotoRow, Refusal, Strip, Tag } from '../core/ui'
import { progressOf } from '../core/waiting'
import { ACTION_PATH, PATH, type Action, type Issue } from './issue'
import { StateTag } from './list'
import { ContactCells } from './reveal'
import { useIssue } from './use-issue'
import { dueMark, LABEL_HELP, LABEL_WORDS, STATE_WORDS, stepWords } from './words'
import './issues.css'

export function IssuePage({ id = '' }: { id?: string }) {
  const { issue, actions, server, missing } = useIssue(id)
  if (!issue) return <Page title="民情" up="/ledger">{missing ? <Empty title="没有这个问题" text="可能已移交，或者不在您的范围内" /> : server.loading.value ? <Loading /> : <AsOf at={null} error={server.error.value} />}</Page>
  const gone = server.missing.value && !isUnsent(PATH(id)) // it was there, and this phone kept what it wrote down
  const mine = !gone && issue.secretary.id === person.value?.id
  return (
    <Page title="民情" up="/ledger" onRefresh={server.refresh} right={mine && <BarButton label="更多" onClick={() => void more(issue)}><Icon name="more" /></BarButton>} foot={mine && <Steps issue={issue} />}>
      {gone && <Strip kind="wait">服务器上已看不到这个问题，可能已移交接任的同志；以下是本机留存的内容</Strip>}
      <Hold issue={issue} mine={mine} />
      <Refusal path={PATH(id)} />
      <h2 class="issue__what">{issue.what}</h2>
      <Cells><IssueFacts issue={issue} mine={mine} unsent={actions.map(action => ACTION_PATH(action.id)).find(isUnsent)} /></Cells>
      {issue.more && <Cells title="补充说明"><p class="prose issue__more">{issue.more}</p></Cells>}
      {issue.photos.length > 0 && <Cells title="照片"><PhotoRow photos={issue.photos} /></Cells>}
      {mine && issue.has_contact && <ContactCells issueId={id} />}
      <Timeline issue={issue} actions={actions} />
      {issue.labels.length > 0 && mine && <Cells title="标注" tips="标注只供自己参考，不影响任何考核"><Facts>{issue.labels.map(label => <Fact key={label} name={LABEL_WORDS[label] ?? label}>{LABEL_HELP[label]}</Fact>)}</Facts></Cells>}
      {!gone && <AsOf at={server.asOf.value} error={server.error.value} />}
    </Page>
  )
}

/** `unsent`: a step that is still on this phone; then the state is not what the server knows. */
function IssueFacts({ issue, mine, unsent }: { issue: Issue; mine: boolean; unsent: string | undefined }) {
  return (
    <Facts>
      <Fact name="状态"><span class="tags"><StateTag issue={issue} />{mine && <Mark path={unsent ?? PATH(issue.id)} />}</span></Fact>
      <Fact name="类别">{issue.category_name}</Fact>
      <Fact name="地点">{issue.place_words}</Fact>
      <Fact name="期限">{mine && issue.state !== 'resolved' && <Due issue={issue} />}</Fact>
      <Fact name="任职单位">{issue.host_unit.name}</Fact>
      <Fact name="红领书记">{!mine && issue.secretary.name}</Fact>
      <Fact name="来自走访">{mine && issue.visit_id && <a class="issue__link" href={`/visits/${issue.visit_id}`}>查看走访</a>}</Fact>
      <Fact name="支部会议">{issue.agenda && '已提交支部会议研究'}</Fact>
    </Facts>
  )
}

/** What waits for a person's word, or was returned with one. */
function Hold({ issue, mine }: { issue: Issue; mine: boolean }) {
  if (issue.returned) return <Strip kind="bad" {...(mine ? { onClick: () => go(`${PATH(issue.id)}/correct`) } : {})}>被退回：{issue.returned}</Strip>
  return issue.held_reason ? <Strip kind="wait">待确认：{issue.held_reason}</Strip> : null
}

const isUnsent = (path: string) => progressOf(path).state !== 'delivered'

/** When, and how that was counted. */
function Due({ issue }: { issue: Issue }) {
  const due = dueMark(issue)
  if (!due) return <>送达后显示办理期限</>
  return <><span class="issue__due">{longDay(issue.due_at)} {time(issue.due_at)} 前 <Tag {...(due.kind ? { kind: due.kind } : {})}>{due.words}</Tag></span><span class="issue__how">{issue.due_words}</span></>
}

function Timeline({ issue, actions }: { issue: Issue; actions: Action[] }) {
  return (
    <Cells title="办理经过">
      <ol class="timeline">
        <li class="timeline__step"><p class="timeline__head"><strong>登记</strong><span>{dayTime(issue.made_at)}</span></p><p class="timeline__by">{issue.secretary.name}</p></li>
        {actions.map(action => <Step key={action.id} action={action} />)}
      </ol>
    </Cells>
  )
}

function Step({ action }: { action: Action }) {
  return (
    <li class={`timeline__step ${action.state === 'resolved' ? 'timeline__step_done' : ''}`}>
      <p class="timeline__head"><strong>{stepWords(action.state)}</strong><span>{dayTime(action.made_at)}</span></p>
      <p class="timeline__note">{action.note}</p>
      <p class="timeline__by">{action.by.name}{action.agenda && '，提交支部会议'}{action.returned ? `，被退回：${action.returned}` : action.held_reason && `，待确认：${action.held_reason}`} <Mark path={ACTION_PATH(action.id)} quiet /></p>
      <Refusal path={ACTION_PATH(action.id)} />
      {action.photos.length > 0 && <PhotoRow photos={action.photos} />}
    </li>
  )
}

function Steps({ issue }: { issue: Issue }) {
  const to = `${PATH(issue.id)}/step`
  if (issue.state === 'resolved') return <Button kind="default" onClick={() => go(to)}>补充或重新办理</Button>
  return <><Button kind="default" onClick={() => go(to)}>记进展</Button><Button onClick={() => go(`${to}?state=resolved`)}>办结</Button></>
}

async function more(issue: Issue): Promise<void> {
  const choice = await choose([{ value: 'correct', words: '更正登记内容' }] as const, `${STATE_WORDS[issue.state]}：${issue.what}`)
  if (choice === 'correct') go(`${PATH(issue.id)}/correct`)
}
