import { longDay } from '../core/dates'
import { useHeld, useLocal } from '../core/list'
import { go } from '../core/router'
import { save } from '../core/save'
import { AsOf, BarButton, Cells, choose, Empty, Fact, Facts, Icon, Loading, Mark, Page, PhotoRow, prompt, Refusal, Strip, toast } from '../core/ui'
import { progressOf } from '../core/waiting'
import { PATH, type Fulfilment, type FulfilmentBody } from './duty'
import { LABEL_WORDS, POST_WORDS } from './words'

export default function FulfilmentPage({ id = '' }: { id?: string }) {
  const unsent = progressOf(PATH(id)).state !== 'delivered'
  const server = useHeld('GET /api/fulfilments/{id}', { path: { id } }, !unsent)
  const local = useLocal<FulfilmentBody>('fulfilments', id)
  const voids = useLocal<{ reason: string }>('fulfilments-void', id)
  const one = server.data.value
  if (!one) return <Unsent id={id} words={local.value?.[0]?.words} missing={server.missing.value} loading={server.loading.value && !unsent} error={server.error.value} />
  const voided = one.voided || (voids.value?.length ?? 0) > 0
  const right = one.can_void && !voided && <BarButton label="更多" onClick={() => void more(one)}><Icon name="more" /></BarButton>
  return (
    <Page title={one.title} up="/fulfilments" right={right} onRefresh={server.refresh}>
      <Refusal path={PATH(id)} />
      {voided && <Strip kind="info">已作废：{one.void_reason ?? voids.value?.[0]?.value.reason}</Strip>}
      <Cells><Facts>
        <Fact name="日期">{longDay(one.held_on)}</Fact>
        <Fact name="哪位同志">{one.leader_name && `${one.leader_name}（${POST_WORDS[one.leader_post] ?? ''}）`}</Fact>
        <Fact name="红领书记">{one.postings.map(each => each.secretary.name + (each.counts || !one.counts ? '' : '（不在任期内）')).join('、')}</Fact>
        <Fact name="标注">{one.labels.map(label => LABEL_WORDS[label] ?? label).join('、')}</Fact>
        <Fact name="状态">{one.mine && <Mark path={PATH(id)} />}</Fact>
      </Facts></Cells>
      {one.notes && <Cells title="简要情况"><p class="prose">{one.notes}</p></Cells>}
      {one.photos.length > 0 && <Cells title="照片"><PhotoRow photos={one.photos} /></Cells>}
      <AsOf at={server.asOf.value} error={server.error.value} />
    </Page>
  )
}

/** Not on the server yet: what this phone knows of it. */
function Unsent({ id, words, missing, loading, error }: { id: string; words: string | undefined; missing: boolean; loading: boolean; error: string | null }) {
  if (words) return <Page title="履责记录" up="/duties"><Refusal path={PATH(id)} /><Cells><Facts><Fact name="记录">{words}</Fact><Fact name="状态"><Mark path={PATH(id)} /></Fact></Facts></Cells></Page>
  return <Page title="履责记录" up="/fulfilments">{missing ? <Empty title="没有这条记录" text="可能不在您的范围内" /> : loading ? <Loading /> : <AsOf at={null} error={error} />}</Page>
}

async function more(one: Fulfilment): Promise<void> {
  const choice = await choose([...one.mine ? [{ value: 'correct' as const, words: '更正' }] : [], { value: 'void' as const, words: '作废', danger: true }], one.title)
  if (choice === 'correct') go(`${PATH(one.id)}/correct`)
  if (choice !== 'void') return
  const reason = await prompt({ title: '作废这次记录', text: '作废后不再计入，记录保留。请写明原因：', yes: '作废' })
  if (reason === undefined) return
  await save('PUT /api/fulfilments/{id}/void', { id: one.id, body: { reason }, words: `作废 · ${one.title}` })
  toast('已存本机，联网后自动上传')
}
