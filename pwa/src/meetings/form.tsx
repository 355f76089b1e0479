import { serverNow } from '../core/clock'
import { useDraft } from '../core/draft'
import { back, go } from '../core/router'
import { save } from '../core/save'
import { Button, Cells, Chips, DateField, Loading, Page, Restored, TextField, toast } from '../core/ui'
import { bodyOf, formOf, freshForm, moveStart, PATH, problemOf, titleOf, type Form, type Meeting } from './meeting'
import { useMeeting } from './use-meeting'
import { KIND_WORDS, KINDS } from './words'

/** 召开会议 for the lead's own branch, or with an id the correction of one that is not over. */
export default function MeetingFormPage({ id }: { id?: string }) {
  return id ? <Correction id={id} /> : <FormPage title="召开会议" draftKey="meetings/new" fresh={() => freshForm(serverNow())} />
}

function Correction({ id }: { id: string }) {
  const { meeting } = useMeeting(id)
  if (!meeting) return <Page title="更改会议" up={PATH(id)}><Loading /></Page>
  return <FormPage title="更改会议" draftKey={`meetings/${id}`} meeting={meeting} fresh={() => formOf(meeting)} />
}

function FormPage({ title, draftKey, fresh, meeting }: { title: string; draftKey: string; fresh: () => Form; meeting?: Meeting }) {
  const draft = useDraft<Form>(draftKey, fresh, meeting ? { id: meeting.id, base: meeting.digest } : {})
  const form = draft.value.value
  const up = meeting ? PATH(meeting.id) : '/meetings'
  const submit = async () => {
    const problem = problemOf(form)
    if (problem) throw new Error(problem)
    const body = bodyOf(form, KIND_WORDS[form.kind])
    await save('PUT /api/meetings/{id}', { id: draft.id.value, draft: draft.key, body, words: `${meeting ? '更改会议' : '会议'} · ${body.title}`, ...(draft.base.value ? { correcting: draft.base.value } : {}) })
    draft.done()
    toast('已存本机，联网后自动通知到会同志')
    if (meeting) back(up)
    else go(PATH(draft.id.value), { replace: true })
  }
  if (!draft.ready.value) return <Page title={title} up={up}><Loading /></Page>
  return (
    <Page title={title} up={up} elsewhere={draft} foot={<Button onClick={submit}>{meeting ? '保存更改' : '召开'}</Button>}>
      <Restored draft={draft} />
      <Cells title="会议类型"><Chips label="会议类型" value={form.kind} onChange={kind => draft.set({ kind })} options={KINDS} /></Cells>
      <Cells title="时间">
        <DateField label="开始" withTime value={form.starts} onChange={starts => draft.set(moveStart(form, starts))} />
        <DateField label="结束" withTime value={form.ends} onChange={ends => draft.set({ ends })} />
      </Cells>
      <Cells tips="应到名单为本支部在任的全体同志，开始签到时确定。会前一天和一小时自动提醒。">
        <TextField label="会议名称" value={form.title} onChange={name => draft.set({ title: name })} most={80} placeholder={titleOf(form, KIND_WORDS[form.kind])} />
        <TextField label="地点" value={form.place_words} onChange={place_words => draft.set({ place_words })} most={100} placeholder="选填，如 社区二楼会议室" />
      </Cells>
    </Page>
  )
}
