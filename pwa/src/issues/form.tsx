import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { useDraft, type Draft } from '../core/draft'
import { held, useHeld, useLocal } from '../core/list'
import { person } from '../core/person'
import { back, go, place } from '../core/router'
import { save } from '../core/save'
import { Button, Cells, Loading, Misfit, Page, PhotoGrid, Restored, SwitchField, TextArea, TextField, toast } from '../core/ui'
import { myPosting, NO_POSTING } from '../postings/mine'
import { NoPosting } from '../postings/no-posting'
import type { VisitBody } from '../visits/visit'
import { CategoryPicker } from './category-picker'
import { CONSENT, CONSENT_TIPS } from './contact'
import { Correction } from './correction'
import { bodyOf, fieldOf, freshForm, PATH, placeOf, problemOf, type Form, type IssueBody, type Opening } from './issue'
import './issues.css'

/** 记问题: a new one (born of a visit with ?visit=), or with an id the correction of an own one. */
export function IssueFormPage({ id }: { id?: string }) {
  const visit = place.value.query.get('visit')
  if (id) return <Correction id={id} render={opening => <FormPage title="更正问题" {...opening} />} />
  if (visit) return <FromVisit id={visit} />
  return <FormPage title="记问题" draftKey="issues/new" fresh={freshForm} />
}

/** Inherits where it was and which visit it came from; who lives there stays behind. */
function FromVisit({ id }: { id: string }) {
  const local = useLocal<VisitBody>('visits', id)
  const server = useHeld('GET /api/visits/{id}', { path: { id } }, local.value !== undefined && !local.value.length)
  const visit = local.value?.[0]?.value ?? server.data.value
  const unknown = local.value !== undefined && !visit && !server.loading.value && server.error.value
  if (!visit && !unknown) return <Page title="记问题" up={`/visits/${id}`}><Loading /></Page>
  const inherited = visit ? { posting_id: visit.posting_id, place_words: placeOf(visit.whom ?? '') } : {}
  return <FormPage title="记问题" draftKey={`issues/new?visit=${id}`} after={[`/visits/${id}`]} fresh={() => freshForm({ visit_id: id, ...inherited })} />
}

function FormPage({ title, draftKey, fresh, id, correcting, after }: Opening & { title: string }) {
  const draft = useDraft<Form>(draftKey, fresh, { ...(id ? { id } : {}), ...(correcting ? { base: correcting } : {}), sealed: true })
  const form = draft.value.value
  const posting_id = form.posting_id || myPosting()?.id
  const submit = async () => {
    if (!posting_id) throw new Error(NO_POSTING)
    const problem = problemOf(form)
    if (problem) throw new Misfit(problem, fieldOf(form))
    await save('PUT /api/issues/{id}', {
      id: draft.id.value, draft: draft.key, body: bodyOf({ ...form, posting_id }), sealed: true,
      words: `${correcting ? '更正民情' : '民情'} · ${form.what.trim()}`, ...(draft.base.value ? { correcting: draft.base.value } : {}), ...(after ? { after } : {}),
    })
    draft.done()
    toast('已存本机，联网后自动上传')
    if (correcting) back(PATH(draft.id.value))
    else go(PATH(draft.id.value), { replace: true })
  }
  const up = correcting ? PATH(id!) : '/ledger'
  if (!draft.ready.value) return <Page title={title} up={up}><Loading /></Page>
  return (
    <Page title={title} up={up} elsewhere={draft} foot={<Button onClick={submit}>保存</Button>}>
      <Restored draft={draft} />
      {!posting_id && <NoPosting />}
      <Fields draft={draft} />
    </Page>
  )
}

function Fields({ draft }: { draft: Draft<Form> }) {
  const form = draft.value.value
  return <>
    <CategoryPicker value={form.category} filed={useFiled()} onChange={category => draft.set({ category })} />
    <Cells title="问题">
      <TextArea label="是什么问题" value={form.what} onChange={what => draft.set({ what })} most={200} rows={2} placeholder="一句话，如 单元门口路灯不亮" />
      <TextField label="在哪里" value={form.place_words} onChange={place_words => draft.set({ place_words })} most={100} placeholder="选填，如 3号楼东侧" />
    </Cells>
    <Cells title="照片（选填）" tips="拍问题本身，不拍人脸和门牌。照片上传前会去掉拍摄位置。">
      <PhotoGrid draft={draft.key} photos={form.photos} onChange={photos => draft.set({ photos })} />
    </Cells>
    <Cells>
      <TextArea label="补充说明（选填）" value={form.more} onChange={more => draft.set({ more })} most={4000} rows={2} placeholder="来龙去脉、已经找过谁；不写居民姓名电话" />
    </Cells>
    <Contact draft={draft} />
  </>
}

/** The categories this person filed last, from what the phone already holds. */
function useFiled(): string[] {
  const local = useLocal<IssueBody>('issues')
  const listed = useMemo(() => held('GET /api/issues', { query: { state: 'open' } }), [])
  return [...(local.value ?? []).map(one => one.value.category), ...(listed.data.value?.items ?? []).filter(one => one.secretary.id === person.value?.id).map(one => one.category)]
}

/** Closed until it is wanted: most matters need no name. */
function Contact({ draft }: { draft: Draft<Form> }) {
  const form = draft.value.value
  const asked = useSignal(false)
  if (!asked.value && !form.name && !form.phone && !form.door) return <Cells><SwitchField label="留居民联系方式" tips="选填，需要回复居民时再留" value={false} onChange={() => { asked.value = true }} /></Cells>
  const drop = () => {
    asked.value = false
    draft.set({ name: '', phone: '', door: '', consent: false })
  }
  return (
    <Cells title="居民联系方式（选填）" tips={CONSENT_TIPS}>
      <SwitchField label="留居民联系方式" value onChange={drop} />
      <TextField label="称呼" value={form.name} onChange={name => draft.set({ name })} most={40} placeholder="如 王阿姨" />
      <TextField label="电话" type="tel" value={form.phone} onChange={phone => draft.set({ phone })} most={20} placeholder="手机或固定电话" />
      <TextField label="门牌" value={form.door} onChange={door => draft.set({ door })} most={60} placeholder="如 3号楼1单元201" />
      <SwitchField label={CONSENT} value={form.consent} onChange={consent => draft.set({ consent })} />
    </Cells>
  )
}
