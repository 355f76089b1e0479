import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { useDraft, type Draft } from '../core/draft'
import { serverNow } from '../core/clock'
import { longDay } from '../core/dates'
import { useHeld, useLocal } from '../core/list'
import { listedAgain } from '../core/photos'
import { locate } from '../core/place'
import { back, go } from '../core/router'
import { save } from '../core/save'
import { AsOf, Button, Cell, Cells, Chips, DateField, Loading, NumberField, Page, PhotoGrid, Restored, TextArea, TextField, toast } from '../core/ui'
import { myPosting, NO_POSTING } from '../postings/mine'
import { NoPosting } from '../postings/no-posting'
import { useVisits } from './list'
import { freshForm, PATH, problemOf, shown, type Form, type Visit, type VisitBody } from './visit'
import { AGAIN, beforeWords, dayAfter, KINDS, spanOf } from './words'

/** 记走访(自愿打卡): a new one, or with an id the correction of an own one. */
export function VisitFormPage({ id }: { id?: string }) {
  return id ? <Correction id={id} /> : <FormPage title="记走访（自愿打卡）" draftKey="visits/new" fresh={freshForm} />
}

function Correction({ id }: { id: string }) {
  const server = useHeld('GET /api/visits/{id}', { path: { id } })
  const local = useLocal<VisitBody>('visits', id)
  const photos = useHeld('GET /api/photos', { query: { record_id: id } })
  const newest = local.value?.[0]
  const theirs = server.data.value
  // This phone's own copy knows place and photos; it is left aside only when the server has a newer version from another phone.
  const record = newest && (newest.delivered_at === null || !theirs || theirs.digest === newest.digest) ? newest : undefined
  const visit = record ? shown(record, theirs) : local.value && theirs
  const listed = record ? record.value.photos ?? [] : listedAgain(theirs?.photos ?? [], photos.data.value?.items)
  if (!visit || !listed) {
    const error = server.error.value ?? photos.error.value
    return <Page title="更正走访" up={PATH(id)}>{error ? <AsOf at={null} error={error} /> : <Loading />}</Page>
  }
  return <FormPage title="更正走访" draftKey={`visits/${id}`} id={id} correcting={visit.digest} placeGone={!record && visit.place !== null} fresh={() => formOf(visit, listed, record?.value.place ?? null)} />
}

function formOf(visit: Visit, photos: Form['photos'], place: Form['place']): Form {
  const { posting_id, kind, whom, households, said, started_at, ended_at, revisit_on } = visit
  return { posting_id, kind, whom, households, said, started_at, ended_at, revisit_on, place, photos }
}

/** `placeGone`: the server kept only a verdict of the place, so this phone cannot name it again. */
interface FormProps { title: string; draftKey: string; fresh: () => Form; id?: string; correcting?: string; placeGone?: boolean }

function FormPage({ title, draftKey, fresh, id, correcting, placeGone }: FormProps) {
  const draft = useDraft<Form>(draftKey, fresh, { ...(id ? { id } : {}), ...(correcting ? { base: correcting } : {}), sealed: true })
  const form = draft.value.value
  const posting_id = form.posting_id || myPosting()?.id
  const submit = async () => {
    if (!posting_id) throw new Error(NO_POSTING)
    const problem = problemOf(form)
    if (problem) throw new Error(problem)
    await save('PUT /api/visits/{id}', {
      id: draft.id.value, draft: draft.key, body: { ...form, posting_id }, sealed: true,
      words: `${correcting ? '更正走访' : '走访'} · ${form.whom || '未写对象'}`, ...(draft.base.value ? { correcting: draft.base.value } : {}),
    })
    draft.done()
    toast('已存本机，联网后自动上传')
    if (correcting) back(PATH(draft.id.value))
    else go(PATH(draft.id.value), { replace: true })
  }
  if (!draft.ready.value) return <Page title={title} up="/"><Loading /></Page>
  return (
    <Page title={title} up="/" elsewhere={draft} foot={<Button onClick={submit}>保存</Button>}>
      <Restored draft={draft} />
      {!posting_id && <NoPosting />}
      <Fields draft={draft} none={placeGone ? '更正后不再带原来的位置，需要时请重新附上' : '默认不附，不附也能保存'} />
    </Page>
  )
}

function Fields({ draft, none }: { draft: Draft<Form>; none: string }) {
  const form = draft.value.value
  return <>
    <Cells title="走访对象">
      <Chips label="走访对象" value={form.kind} onChange={kind => draft.set({ kind })} options={KINDS} />
      <TextField label="走访了谁" value={form.whom} onChange={whom => draft.set({ whom })} most={100} placeholder="如 3号楼王阿姨" />
      <Before whom={form.whom} id={draft.id.value} />
      {form.kind === 'household' && <NumberField label="户数" value={form.households} onChange={households => draft.set({ households })} unit="户" />}
    </Cells>
    <Cells>
      <TextArea label="说了什么" value={form.said} onChange={said => draft.set({ said })} most={2000} rows={4} placeholder="记下要点，自己日后看得懂就行" />
    </Cells>
    <Clock draft={draft} />
    <Again draft={draft} />
    <PlaceCell draft={draft} none={none} />
    <Cells title="照片（选填）" tips="只拍问题和成效，不用自拍。照片上传前会去掉拍摄位置。">
      <PhotoGrid draft={draft.key} photos={form.photos} onChange={photos => draft.set({ photos })} />
    </Cells>
  </>
}

/** Somebody visited before: when that was, or that it may be noted already. A hint; it holds nothing up. */
function Before({ whom, id }: { whom: string; id: string }) {
  const { items } = useVisits()
  const words = beforeWords(items.filter(one => one.id !== id), whom, serverNow())
  return words ? <p class="weui-cells__tips" role="status">{words}</p> : null
}

/** 计时: one tap begins, one tap ends; both may stay empty. */
function Clock({ draft }: { draft: Draft<Form> }) {
  const { started_at, ended_at } = draft.value.value
  const words = !started_at ? '开始计时' : !ended_at ? '结束计时' : '清除'
  return <Cells><Cell title="计时（选填）" desc={spanOf({ started_at, ended_at }) || '不记也可以'} value={<button type="button" class="small-button" onClick={() => draft.set(tapClock({ started_at, ended_at }))}>{words}</button>} /></Cells>
}

function tapClock({ started_at, ended_at }: Pick<Form, 'started_at' | 'ended_at'>): Pick<Form, 'started_at' | 'ended_at'> {
  const now = new Date().toISOString()
  if (!started_at) return { started_at: now, ended_at: null }
  return ended_at ? { started_at: null, ended_at: null } : { started_at, ended_at: now }
}

/** 约好再去: a reminder that the secretary sets for themself; nobody else is told. */
function Again({ draft }: { draft: Draft<Form> }) {
  const { revisit_on } = draft.value.value
  const options = [{ value: '', words: '不约' }, ...AGAIN.map(one => ({ value: dayAfter(one.days), words: one.words }))]
  const own = revisit_on !== null && !options.some(one => one.value === revisit_on)
  return (
    <Cells title="约好再去（选填）" tips="到那天早上提醒您自己，别人看不到">
      <Chips label="约好再去" value={revisit_on ?? ''} onChange={day => draft.set({ revisit_on: day || null })} options={own ? [...options, { value: revisit_on, words: longDay(revisit_on) }] : options} />
      {revisit_on && <DateField label="日期" value={revisit_on} onChange={day => draft.set({ revisit_on: day || null })} />}
    </Cells>
  )
}

/** Off until the person asks, and taken back as easily. */
function PlaceCell({ draft, none }: { draft: Draft<Form>; none: string }) {
  const busy = useSignal(false)
  const problem = useSignal<string | null>(null)
  const { place } = draft.value.value
  const here = useSignal(true)
  useEffect(() => () => { here.value = false }, [])
  const attach = async () => {
    busy.value = true
    problem.value = null
    try {
      const fix = await locate()
      if (here.value) draft.set({ place: fix })
    } catch (error) {
      problem.value = (error as Error).message
    } finally {
      busy.value = false
    }
  }
  const desc = place ? `已附上，误差约 ${place.accuracy} 米；服务器只留远近和大致方位` : problem.value ?? none
  const button = busy.value ? <span class="spinner" role="status" aria-label="正在取位置" /> : place
    ? <button type="button" class="small-button" onClick={() => draft.set({ place: null })}>取消</button>
    : <button type="button" class="small-button" onClick={() => void attach()}>附上</button>
  return <Cells><Cell title="附上大致位置（选填）" desc={desc} value={button} /></Cells>
}
