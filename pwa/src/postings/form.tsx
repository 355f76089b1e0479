import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { toInput } from '../core/dates'
import { serverNow } from '../core/clock'
import { useDraft, type Draft } from '../core/draft'
import { held, useHeld } from '../core/list'
import { is, person } from '../core/person'
import { go, place } from '../core/router'
import { Button, Cell, Cells, Chips, DateField, Loading, Page, TextField, toast } from '../core/ui'
import { pickFrom } from '../core/ui/picker'
import { HOST_KIND_WORDS, LEVEL_WORDS } from '../organizations/words'
import type { Posting } from './words'
import { saveNow, sentenceOf } from './save-now'

interface Named { id: string; name: string }
export interface Form { secretary: Named | null; host_unit: Named | null; sending_unit: Named | null; branch: Named | null; dispatch_level: 'city' | 'county'; cohort: string; start_on: string; end_on: string }

const CITY = '/3713/'
const LEVELS = (['city', 'county'] as const).map(value => ({ value, words: LEVEL_WORDS[value]! }))

/** 新增选派, or with an id the correction of its dates, cohort and branch; another person or place is another posting. */
export default function PostingFormPage({ id }: { id?: string }) {
  return id ? <Correction id={id} /> : <FormPage title="新增选派" fresh={freshForm} />
}

function Correction({ id }: { id: string }) {
  const server = useHeld('GET /api/postings/{id}', { path: { id } })
  const posting = server.data.value
  if (!posting) return <Page title="更正选派" up={`/postings/${id}`}><Loading /></Page>
  return <FormPage title="更正选派" posting={posting} fresh={() => formOf(posting)} />
}

function formOf({ secretary, host_unit, sending_unit, branch, dispatch_level, cohort, start_on, end_on }: Posting): Form {
  return { secretary, host_unit, sending_unit, branch, dispatch_level, cohort, start_on, end_on: end_on ?? '' }
}

function freshForm(): Form {
  const { query } = place.peek()
  const name = query.get('name')
  return { secretary: name ? { id: query.get('person')!, name } : null, host_unit: null, sending_unit: null, branch: null, dispatch_level: is('organizer') && (person.value?.area?.path ?? CITY) !== CITY ? 'county' : 'city', cohort: '', start_on: toInput(serverNow()).slice(0, 10), end_on: '' }
}

function FormPage({ title, posting, fresh }: { title: string; posting?: Posting; fresh: () => Form }) {
  const draft = useDraft<Form>(posting ? `postings/${posting.id}` : 'postings/new', fresh, posting ? { id: posting.id } : {})
  const asked = useSignal(false)
  useEffect(() => {
    // Opened from a person's row: that person, whatever an older draft says.
    const { secretary } = fresh()
    if (!draft.ready.value || asked.value || !secretary || posting) return
    asked.value = true
    if (draft.value.value.secretary?.id !== secretary.id) draft.set({ secretary })
  }, [draft.ready.value])
  const up = posting ? `/postings/${posting.id}` : '/postings'
  const submit = async () => {
    const form = draft.value.value
    const problem = problemOf(form)
    if (problem) throw new Error(problem)
    try {
      const outcome = await saveNow('PUT /api/postings/{id}', { id: draft.id.value, body: bodyOf(form), words: `选派 · ${form.secretary!.name}`, ...(posting ? { correcting: posting.etag } : {}) })
      const { value: saved } = draft.id
      await draft.clear()
      toast(outcome === 'delivered' ? '已保存' : '已存本机，联网后自动上传', outcome === 'delivered' ? 'done' : 'plain')
      void held('GET /api/postings', { query: { state: 'active' } }).refresh()
      go(`/postings/${saved}`, { replace: true })
    } catch (error) {
      throw new Error(sentenceOf(error), { cause: error })
    }
  }
  if (!draft.ready.value) return <Page title={title} up={up}><Loading /></Page>
  return <Page title={title} up={up} elsewhere={draft} foot={<Button onClick={submit}>保存</Button>}><Fields draft={draft} fixed={posting !== undefined} /></Page>
}

function Fields({ draft, fixed }: { draft: Draft<Form>; fixed: boolean }) {
  const form = draft.value.value
  const choose = async <K extends 'secretary' | 'host_unit' | 'sending_unit' | 'branch'>(field: K) => {
    const found = await PICKS[field]()
    if (found) draft.set({ [field]: { id: found.id, name: found.name } } as Partial<Form>)
  }
  const row = (field: keyof typeof PICKS, title: string, locked = false) => locked
    ? <Cell title={title} value={form[field]?.name} />
    : <Cell title={title} value={form[field]?.name ?? '请选择'} onClick={() => void choose(field)} />
  return <>
    <Cells title="人选和单位" tips={fixed ? '人选和任职单位不能更正；需要更换时，请结束这次选派后另行选派。' : undefined}>
      {row('secretary', '红领书记', fixed)}
      {row('host_unit', '任职单位', fixed)}
      {row('sending_unit', '派出单位')}
      {row('branch', '临时党支部')}
    </Cells>
    <Cells title="层级"><Chips label="层级" value={form.dispatch_level} onChange={dispatch_level => draft.set({ dispatch_level })} options={LEVELS} /></Cells>
    <Cells title="批次和任期">
      <TextField label="批次" value={form.cohort} onChange={cohort => draft.set({ cohort })} most={20} placeholder="如 第二批" />
      <DateField label="任职日期" value={form.start_on} onChange={start_on => draft.set({ start_on })} />
      <DateField label="届满日期" value={form.end_on} onChange={end_on => draft.set({ end_on })} />
    </Cells>
  </>
}

const PICKS = {
  secretary: () => pickFrom('GET /api/people', { title: '选择红领书记', by: '按姓名查找', only: one => !one.posting_id, show: one => ({ title: one.name, desc: '未任职' }), empty: '这里只列出没有在任的同志；新同志先请管理员开设账号' }),
  host_unit: () => pickFrom('GET /api/host-units', { title: '选择任职单位', show: unit => ({ title: unit.name, desc: `${HOST_KIND_WORDS[unit.kind]} · ${unit.secretaries ? `现有 ${unit.secretaries} 名红领书记` : '未覆盖'}` }) }),
  sending_unit: () => pickFrom('GET /api/sending-units', { title: '选择派出单位', show: unit => ({ title: unit.name }) }),
  branch: () => pickFrom('GET /api/branches', { title: '选择临时党支部', show: branch => ({ title: branch.name, desc: `${branch.members} 人` }) }),
}

export function problemOf(form: Form): string | undefined {
  if (!form.secretary) return '请选择红领书记'
  if (!form.host_unit) return '请选择任职单位'
  if (!form.sending_unit) return '请选择派出单位'
  if (!form.branch) return '请选择临时党支部'
  if (!form.cohort.trim()) return '请填写批次，如 第二批'
  if (!form.start_on) return '请选择任职日期'
  return form.end_on && form.end_on < form.start_on ? '届满日期早于任职日期' : undefined
}

function bodyOf(form: Form) {
  return {
    secretary_id: form.secretary!.id, host_unit_id: form.host_unit!.id, sending_unit_id: form.sending_unit!.id, branch_id: form.branch!.id,
    dispatch_level: form.dispatch_level, cohort: form.cohort.trim(), start_on: form.start_on, end_on: form.end_on || null,
  }
}
