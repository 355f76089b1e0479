import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { serverNow } from '../core/clock'
import { toInput } from '../core/dates'
import { useDraft, type Draft } from '../core/draft'
import { useHeld, useLocal, type LocalRecord } from '../core/list'
import { listedAgain } from '../core/photos'
import { back, go, query } from '../core/router'
import { save } from '../core/save'
import { AsOf, Button, Cell, Cells, Chips, DateField, Loading, Page, PhotoGrid, Restored, TextArea, toast } from '../core/ui'
import { able, missing, newest, PATH, problemOf, within, type Duty, type Form, type Fulfilment, type FulfilmentBody, type Leader } from './duty'
import { useDuties } from './use-duties'
import { useLeaders } from './use-leaders'
import { POST_WORDS, titleOf } from './words'
import './duties.css'

const today = () => toInput(serverNow()).slice(0, 10)

/** One note for a talk, a report, a visit or a day on site: today, the right leader and everybody still missing are chosen already. */
export default function FulfilmentFormPage({ id }: { id?: string }) {
  return id ? <Correction id={id} /> : <New />
}

function New() {
  const { server, duties: items } = useDuties()
  const leaders = useLeaders()
  const [code, period] = [query.value.get('duty') ?? '', query.value.get('period')]
  const duty = items?.find(one => one.duty === code && one.period === period) ?? (items && newest(items, code))
  if (!duty || !leaders) return <Page title="记一次" up="/duties">{server.loading.value ? <Loading /> : <AsOf at={null} error={server.error.value ?? '没有取到'} />}</Page>
  const left = missing(duty).map(one => one.posting_id!)
  const held_on = within(duty, today()) ? today() : '' // of a period that is over nobody knows the day but who was there
  return <FormPage duty={duty} leaders={leaders} draftKey={`fulfilments/new/${duty.duty}/${duty.period}`} fresh={() => ({ duty: code, posting_ids: left, held_on, leader_id: able(leaders, duty.by)[0]?.id ?? null, notes: '', photos: [] })} />
}

function Correction({ id }: { id: string }) {
  const server = useHeld('GET /api/fulfilments/{id}', { path: { id } })
  const local = useLocal<FulfilmentBody>('fulfilments', id)
  const duties = useHeld('GET /api/duties')
  const photos = useHeld('GET /api/photos', { query: { record_id: id } })
  const leaders = useLeaders()
  const theirs = server.data.value
  const newestHere = local.value?.[0]
  // What this phone wrote last, unless another one wrote since: a refused note is nowhere else.
  const record = newestHere && (newestHere.delivered_at === null || !theirs || theirs.digest === newestHere.digest) ? newestHere : undefined
  const listed = record ? record.value.photos ?? [] : listedAgain(theirs?.photos ?? [], photos.data.value?.items)
  const one = record ? shownHere(record) : local.value && theirs && shownThere(theirs)
  if (!one || !leaders || !listed) return <Page title="更正" up={PATH(id)}>{server.loading.value ? <Loading /> : <AsOf at={null} error={server.error.value} />}</Page>
  const duty = newest(duties.data.value?.items ?? [], one.form.duty) ?? { ...UNKNOWN, duty: one.form.duty, title: theirs?.title ?? one.title, by: theirs?.leader_post ? [theirs.leader_post] : [], due_on: one.form.held_on }
  const names = new Map((theirs?.postings ?? []).map(each => [each.posting_id, each.secretary.name]))
  return <FormPage duty={{ ...duty, subjects: withThose(duty, one.form.posting_ids, names) }} leaders={leaders} draftKey={`fulfilments/${id}`} id={id} correcting={one.digest} fresh={() => ({ ...one.form, photos: listed })} />
}

function shownHere({ digest, words, value }: LocalRecord<FulfilmentBody>) {
  const { duty, posting_ids, held_on, leader_id, notes } = value
  return { digest, title: words.split(' · ')[0]!, form: { duty, posting_ids, held_on, leader_id: leader_id ?? null, notes: notes ?? '' } }
}

function shownThere({ digest, title, duty, postings, held_on, leader_id, notes }: Fulfilment) {
  return { digest, title, form: { duty, posting_ids: postings.map(each => each.posting_id), held_on, leader_id, notes } }
}

/** Enough of a duty to correct an old note of it. */
const UNKNOWN: Duty = { duty: '', title: '', holder: 'sending_unit', can_note: true, by: [], by_words: '负责同志', confidential: false, period: 'term', period_words: '', due_on: '', owed: 0, done: 0, state: 'done', subjects: [] }

function withThose(duty: Duty, ids: string[], names: Map<string, string>): Duty['subjects'] {
  const known = new Set(duty.subjects.map(each => each.posting_id))
  const more = ids.filter(id => !known.has(id))
  return [...duty.subjects, ...more.map(posting_id => ({ posting_id, name: names.get(posting_id) ?? '已不属本单位的书记', host_unit: null, due_on: duty.due_on, owed: 1, done: 1 }))]
}

interface FormProps { duty: Duty; leaders: Leader[]; draftKey: string; fresh: () => Form; id?: string; correcting?: string }

function FormPage({ duty, leaders, draftKey, fresh, id, correcting }: FormProps) {
  const draft = useDraft<Form>(draftKey, fresh, { ...(id ? { id } : {}), ...(correcting ? { base: correcting } : {}), sealed: true })
  const title = correcting ? `更正${duty.title}` : `记${duty.title}`
  const submit = async () => {
    const form = draft.value.value
    const problem = problemOf(form, duty, today())
    if (problem) throw new Error(problem)
    const after = form.leader_id ? { after: [`/unit-leaders/${form.leader_id}`] } : {}
    const words = `${correcting ? '更正' : ''}${titleOf(duty)} · ${form.posting_ids.length} 位`
    await save('PUT /api/fulfilments/{id}', { id: draft.id.value, draft: draft.key, sealed: true, body: { ...form, notes: form.notes.trim() }, words, ...after, ...(draft.base.value ? { correcting: draft.base.value } : {}) })
    draft.done()
    toast('已存本机，联网后自动上传')
    if (correcting) back(PATH(draft.id.value))
    else go('/duties', { replace: true })
  }
  if (!draft.ready.value) return <Page title={title} up="/duties"><Loading /></Page>
  return (
    <Page title={title} up="/duties" elsewhere={draft} foot={<Button onClick={submit}>保存</Button>}>
      <Restored draft={draft} />
      <Whom draft={draft} duty={duty} />
      <Cells tips={dayTips(duty, draft.value.value.held_on)}><DateField label="日期" value={draft.value.value.held_on} onChange={held_on => draft.set({ held_on })} /></Cells>
      <By draft={draft} duty={duty} leaders={leaders} />
      <Cells tips={duty.confidential ? '谈话内容加密保存，只有本单位和组织部门能看；书记只看到谈过、哪天谈的。' : undefined}>
        <TextArea label="简要情况（选填）" value={draft.value.value.notes} onChange={notes => draft.set({ notes })} most={2000} rows={3} placeholder="记下要点就行" />
      </Cells>
      <Cells title="照片（选填）"><PhotoGrid draft={draft.key} photos={draft.value.value.photos} onChange={photos => draft.set({ photos })} stage="after" /></Cells>
    </Page>
  )
}

function dayTips(duty: Duty, held_on: string): string | undefined {
  if (!held_on) return '请选当时办的日期'
  return within(duty, held_on) ? undefined : `这一天不在${duty.period_words}，不计入这一期`
}

/** Everybody it may be for; whoever it is still missing for is chosen. */
function Whom({ draft, duty }: { draft: Draft<Form>; duty: Duty }) {
  const chosen = draft.value.value.posting_ids
  const people = duty.subjects.filter(one => one.posting_id !== null)
  const flip = (id: string) => draft.set({ posting_ids: chosen.includes(id) ? chosen.filter(one => one !== id) : [...chosen, id] })
  const every = people.map(one => one.posting_id!)
  const all = chosen.length === every.length
  return (
    <Cells title={`是哪几位书记（已选 ${chosen.length} 位）`} aside={people.length > 1 && <button type="button" class="link" onClick={() => draft.set({ posting_ids: all ? [] : every })}>{all ? '全不选' : '全选'}</button>}>
      <div class="chips" role="group" aria-label="是哪几位书记">{people.map(one => <button type="button" key={one.posting_id} class="chip" aria-pressed={chosen.includes(one.posting_id!)} onClick={() => flip(one.posting_id!)}>{one.name}</button>)}</div>
    </Cells>
  )
}

function By({ draft, duty, leaders }: { draft: Draft<Form>; duty: Duty; leaders: Leader[] }) {
  const fit = able(leaders, duty.by)
  const shown = useSignal(true)
  const { leader_id } = draft.value.value
  useEffect(() => { if (!leader_id && fit[0] && duty.by.length) draft.set({ leader_id: fit[0].id }) }, [fit[0]?.id])
  if (duty.holder !== 'sending_unit' || !shown.value) return null
  const options = [...(duty.by.length ? [] : [{ value: '', words: '不写' }]), ...fit.map(one => ({ value: one.id, words: `${one.name}（${POST_WORDS[one.post]}）` }))]
  return (
    <Cells title={duty.by.length ? `${duty.by_words}` : '是哪位同志（选填）'}>
      {fit.length > 0 && <Chips label="是哪位同志" value={leader_id ?? ''} onChange={id => draft.set({ leader_id: id || null })} options={options} />}
      {!fit.length && <Cell title={duty.by.length ? `还没有登记${duty.by_words}` : '还没有登记负责同志'} desc="点这里登记，写好的内容不会丢" to={`/unit-leaders/new?post=${duty.by[0] ?? 'principal'}`} />}
    </Cells>
  )
}
