import { held, isNewer, useHeld, useLocal } from '../core/list'
import { dayTime, longDay } from '../core/dates'
import { person } from '../core/person'
import { back, go } from '../core/router'
import { save } from '../core/save'
import { AsOf, BarButton, Button, Cells, choose, Empty, Fact, Facts, Icon, Loading, Mark, Page, PhotoRow, prompt, Refusal, Strip, toast } from '../core/ui'
import { progressOf } from '../core/waiting'
import { PATH, shown, VOID_PATH, type Visit, type VisitBody } from './visit'
import { KIND_WORDS, LABEL_HELP, LABEL_WORDS, spanOf, whomOf } from './words'

export function VisitPage({ id = '' }: { id?: string }) {
  const unsent = progressOf(PATH(id)).state !== 'delivered'
  const server = useHeld('GET /api/visits/{id}', { path: { id } }, !unsent)
  const local = useLocal<VisitBody>('visits', id)
  const voids = useLocal<{ reason: string }>('visits-void', id)
  const record = local.value?.[0]
  // A page never opened with signal still has what the list knew.
  const listed = held('GET /api/visits', { query: {} }).data.value?.items.find(one => one.id === id)
  const theirs = server.data.value ?? listed
  const newer = record && isNewer(record.delivered_at, server.asOf.value)
  const visit = newer ? shown(record, theirs) : theirs
  const voiding = voids.value?.[0]
  if (!visit) return <Page title="走访" up="/ledger/visits">{server.missing.value && local.value ? <Empty title="没有这条走访" text="可能已被移除，或者不在您的范围内" /> : server.loading.value ? <Loading /> : <AsOf at={null} error={server.error.value} />}</Page>
  const mine = visit.secretary.id === person.value?.id
  const voided = visit.voided || voiding !== undefined
  return (
    <Page title="走访" up="/ledger/visits" onRefresh={server.refresh} right={mine && !voided && <BarButton label="更多" onClick={() => void more(visit)}><Icon name="more" /></BarButton>}>
      {voided && <Strip kind="info">已作废：{visit.void_reason ?? voiding?.value.reason}</Strip>}
      {visit.returned ? <Strip kind="bad" {...(mine ? { onClick: () => go(`${PATH(id)}/correct`) } : {})}>被退回：{visit.returned}</Strip> : visit.state === 'held' && <Strip kind="wait">待确认：{visit.held_reason}</Strip>}
      <Refusal path={PATH(id)} />
      <What visit={visit} mine={mine} path={unsent || !voiding ? PATH(id) : VOID_PATH(id)} />
      {visit.said && <Cells title="说了什么"><p class="prose">{visit.said}</p></Cells>}
      {visit.photos.length > 0 && <Cells title="照片"><PhotoRow photos={visit.photos} /></Cells>}
      {visit.labels.length > 0 && <Cells title="标注" tips="标注只供自己参考，不影响任何考核"><Facts>{visit.labels.map(label => <Fact key={label} name={LABEL_WORDS[label] ?? label}>{LABEL_HELP[label]}</Fact>)}</Facts></Cells>}
      {mine && !voided && <div class="actions"><Button onClick={() => go(`/issues/new?visit=${id}`)}>由此记一个问题</Button></div>}
      <AsOf at={server.asOf.value} error={server.error.value} />
    </Page>
  )
}

/** `path`: what its mark speaks of, the visit or its voiding. */
function What({ visit, mine, path }: { visit: Visit; mine: boolean; path: string }) {
  return (
    <Cells><Facts>
      <Fact name="走访对象">{whomOf(visit)}</Fact>
      <Fact name="类别">{KIND_WORDS[visit.kind]}</Fact>
      <Fact name="时间">{spanOf(visit) || `${dayTime(visit.made_at)} 记`}</Fact>
      <Fact name="任职单位">{visit.host_unit.name}</Fact>
      <Fact name="约好再去">{mine && visit.revisit_on && longDay(visit.revisit_on)}</Fact>
      <Fact name="红领书记">{!mine && visit.secretary.name}</Fact>
      <Fact name="状态">{mine && <Mark path={path} held={visit.state === 'held' && !visit.returned} />}</Fact>
    </Facts></Cells>
  )
}

async function more(visit: Visit): Promise<void> {
  const choice = await choose([{ value: 'correct', words: '更正' }, { value: 'void', words: '作废', danger: true }] as const)
  if (choice === 'correct') go(`${PATH(visit.id)}/correct`)
  if (choice !== 'void') return
  const reason = await prompt({ title: '作废这条走访', text: '记录会保留并标明已作废。请写明原因：', yes: '作废' })
  if (!reason) return
  try {
    await save('PUT /api/visits/{id}/void', { id: visit.id, about: visit.id, body: { reason }, words: `作废走访 · ${whomOf(visit)}`, after: [PATH(visit.id)] })
    toast('已作废，联网后上传')
    back('/ledger/visits')
  } catch (error) {
    toast((error as Error).message, 'warn')
  }
}
