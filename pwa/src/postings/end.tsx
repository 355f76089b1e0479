import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { call } from '../core/api'
import { toInput } from '../core/dates'
import { serverNow } from '../core/clock'
import { uuid7 } from '../core/ids'
import { held, useHeld } from '../core/list'
import { usePages } from '../core/pages'
import { go } from '../core/router'
import { Button, Cell, Cells, Chips, confirm, DateField, Loading, Page, TextArea, toast } from '../core/ui'
import { pickFrom } from '../core/ui/picker'
import { OpenIssues, PostingFacts } from './detail'
import { saveNow, sentenceOf } from './save-now'
import { day, REASONS, type Posting, type Reason } from './words'

/** 结束选派: the day, the reason and who takes over, in one action. No resident's matter is left without an owner. */
export default function EndPostingPage({ id = '' }: { id?: string }) {
  const server = useHeld('GET /api/postings/{id}', { path: { id } })
  const posting = server.data.value
  if (!posting) return <Page title="结束选派" up={`/postings/${id}`}><Loading /></Page>
  return <EndForm posting={posting} />
}

function EndForm({ posting }: { posting: Posting }) {
  const open = usePages('GET /api/issues', { posting_id: posting.id, state: 'open' })
  const count = open.data.value?.items.length ?? 0
  const id = useMemo(() => uuid7(), [posting.id])
  const reason = useSignal<Reason>('term')
  const ended_on = useSignal(toInput(serverNow()).slice(0, 10))
  const note = useSignal('')
  const successor = useSignal<Posting | null>(null)
  const submit = async () => {
    if (count && !successor.value) throw new Error(`还有 ${count} 件民情没有办结，请先选定接任的同志`)
    const hands = count ? `，${count} 件未办结民情移交给${successor.value!.secretary.name}同志` : ''
    if (!await confirm({ title: `结束${posting.secretary.name}同志的选派？`, text: `${day(ended_on.value)} 结束${hands}。账号 30 天内还能上传任期内的记录。`, yes: '结束选派', danger: true })) return
    try {
      const outcome = await saveNow('PUT /api/posting-ends/{id}', {
        id, words: `结束选派 · ${posting.secretary.name}`, after: [`/postings/${posting.id}`],
        body: { posting_id: posting.id, ended_on: ended_on.value, reason: reason.value, note: note.value.trim(), successor_posting_id: successor.value?.id ?? null },
      })
      toast(outcome === 'delivered' ? '选派已结束' : '已存本机，联网后自动办理', outcome === 'delivered' ? 'done' : 'plain')
      for (const state of ['active', 'ended'] as const) void held('GET /api/postings', { query: { state } }).refresh()
      go(`/postings/${posting.id}`, { replace: true })
    } catch (error) {
      throw new Error(sentenceOf(error), { cause: error })
    }
  }
  const words = count && successor.value ? `结束选派并移交 ${count} 件民情` : '结束选派'
  return (
    <Page title="结束选派" up={`/postings/${posting.id}`} foot={<Button onClick={submit}>{words}</Button>}>
      <Cells><PostingFacts posting={posting} /></Cells>
      <OpenIssues postingId={posting.id} />
      <Cells title={count ? '接任的同志（必选）' : '接任的同志（选填）'} tips="未办结的民情连同居民联系方式一并移交，由接任的同志继续办理。接任的同志须已选派在岗。">
        <Cell title={successor.value?.secretary.name ?? '请选择'} desc={successor.value?.host_unit.name} value={successor.value ? '更换' : ''} onClick={() => void pickSuccessor(posting).then(found => { if (found) successor.value = found; return found })} />
      </Cells>
      <Cells title="原因"><Chips label="原因" value={reason.value} onChange={value => { reason.value = value }} options={REASONS} /></Cells>
      <Cells>
        <DateField label="结束日期" value={ended_on.value} onChange={value => { ended_on.value = value }} />
        <TextArea label="说明（选填）" value={note.value} onChange={value => { note.value = value }} most={500} rows={2} />
      </Cells>
    </Page>
  )
}

/** Those who serve at the same place come first in anybody's mind: the search begins there when there is somebody; clearing it shows all. */
async function pickSuccessor(posting: Posting): Promise<Posting | undefined> {
  const { id, name } = posting.host_unit
  const there = await call('GET /api/postings', { query: { state: 'active', q: name } }).catch(() => undefined)
  const q = there?.items.some(one => one.id !== posting.id && one.host_unit.id === id) ? name : ''
  return pickFrom('GET /api/postings', {
    title: '选择接任的同志', by: '按姓名、任职单位、派出单位查找', q, query: { state: 'active' }, only: one => one.id !== posting.id,
    show: one => ({ title: one.secretary.name, desc: `${one.host_unit.name}${one.host_unit.id === id ? '（同一单位）' : ''}` }), empty: '没有其他在岗的同志，请先新增选派',
  })
}
