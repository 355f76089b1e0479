import { useEffect } from 'preact/hooks'
import { useDraft } from '../core/draft'
import { back, place } from '../core/router'
import { save } from '../core/save'
import { Button, Cells, Chips, Loading, Page, PhotoGrid, Restored, SwitchField, TextArea, toast } from '../core/ui'
import { holdsIdNumber } from './contact'
import { PATH, type ActionBody, type Issue, type IssueState } from './issue'
import { useIssue } from './use-issue'
import { STEPS } from './words'

interface Form { state: IssueState | null; note: string; agenda: boolean; photos: NonNullable<ActionBody['photos']> }

/** One step on an own issue: what was done, where it stands now, photos; before the branch if it is wanted. Works without signal. */
export function StepPage({ id = '' }: { id?: string }) {
  const { issue } = useIssue(id)
  if (!issue) return <Page title="记进展" up={PATH(id)}><Loading /></Page>
  return <StepForm issue={issue} />
}

function StepForm({ issue }: { issue: Issue }) {
  const choices = STEPS[issue.state]
  const asked = place.value.query.get('state') as IssueState | null
  const first = choices.find(choice => choice.value === asked && asked) ?? choices[0]!
  const draft = useDraft<Form>(`issues/${issue.id}/step`, () => ({ state: first.value, note: '', agenda: false, photos: [] }))
  const form = draft.value.value
  useEffect(() => {
    // 办结 was tapped: an older draft keeps its words, not its state.
    if (draft.ready.value && asked === first.value && draft.value.value.state !== asked) draft.set({ state: asked })
  }, [draft.ready.value])
  const submit = async () => {
    const problem = problemOf(form)
    if (problem) throw new Error(problem)
    const stage = form.state === 'resolved' ? 'after' as const : 'progress' as const
    await save('PUT /api/issue-actions/{id}', {
      id: draft.id.value, draft: draft.key, about: issue.id, after: [PATH(issue.id)],
      body: { issue_id: issue.id, note: form.note.trim(), state: form.state, agenda: form.agenda, photos: form.photos.map(photo => ({ ...photo, stage })) },
      words: `${form.state === 'resolved' ? '办结' : '进展'} · ${issue.what}`,
    })
    draft.done()
    toast(form.state === 'resolved' ? '办结已存本机，联网后自动上传' : '已存本机，联网后自动上传')
    back(PATH(issue.id))
  }
  if (!draft.ready.value) return <Page title="记进展" up={PATH(issue.id)}><Loading /></Page>
  // A draft may be older than the issue's state: what is no longer allowed falls back to the first that is.
  const state = choices.some(choice => choice.value === form.state) ? form.state : first.value
  if (state !== form.state) draft.set({ state })
  return (
    <Page title="记进展" up={PATH(issue.id)} elsewhere={draft} foot={<Button onClick={submit}>保存</Button>}>
      <Restored draft={draft} />
      <p class="prose step__what">{issue.what}</p>
      <Cells title="办到哪一步"><Chips label="办到哪一步" value={state ?? 'none'} onChange={value => draft.set({ state: value === 'none' ? null : value as IssueState })} options={choices.map(choice => ({ value: choice.value ?? 'none', words: choice.words }))} /></Cells>
      <Cells><TextArea label={state === 'resolved' ? '怎么解决的' : '做了什么'} value={form.note} onChange={note => draft.set({ note })} most={1000} rows={4} placeholder="不写居民姓名、电话、门牌" /></Cells>
      <Cells title={state === 'resolved' ? '办结照片（选填）' : '照片（选填）'}><PhotoGrid draft={draft.key} photos={form.photos} onChange={photos => draft.set({ photos })} stage="progress" /></Cells>
      {!issue.agenda && <Cells><SwitchField label="提交支部会议" tips="支部书记可以看到这个问题，供会上研究；看不到居民联系方式" value={form.agenda} onChange={agenda => draft.set({ agenda })} /></Cells>}
    </Page>
  )
}

function problemOf(form: Form): string | undefined {
  if (form.note.trim().length < 2) return form.state === 'resolved' ? '请写一句怎么解决的' : '请写一句做了什么'
  return holdsIdNumber(form.note) ? '这里不需要身份证号码，请删去后再保存' : undefined
}
