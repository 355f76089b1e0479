import { serverNow } from '../core/clock'
import { toInput } from '../core/dates'
import { useDraft } from '../core/draft'
import { useHeld } from '../core/list'
import { back, query } from '../core/router'
import { save } from '../core/save'
import { Button, Cells, Chips, Loading, Page, SwitchField, TextField, toast } from '../core/ui'
import type { Leader } from './duty'
import { useLeaders } from './use-leaders'
import { POSTS } from './words'

interface Form { name: string; title: string; post: Leader['post']; left_on: string | null }

export default function LeaderFormPage({ id }: { id?: string }) {
  const leaders = useLeaders()
  const units = useHeld('GET /api/sending-units')
  const leader = id ? leaders?.find(one => one.id === id) : undefined
  const unit = leader?.sending_unit_id ?? units.data.value?.items[0]?.id
  if (!leaders || !unit || (id && !leader)) return <Page title="负责同志" up="/unit-leaders">{units.error.value ? <p class="empty">{units.error.value}</p> : <Loading />}</Page>
  return <LeaderForm unit={unit} leader={leader} />
}

function LeaderForm({ unit, leader }: { unit: string; leader: Leader | undefined }) {
  const asked = query.value.get('post') as Leader['post'] | null
  const fresh = (): Form => leader ? { name: leader.name, title: leader.title, post: leader.post, left_on: leader.left_on } : { name: '', title: '', post: asked ?? 'personnel', left_on: null }
  const draft = useDraft<Form>(leader ? `unit-leaders/${leader.id}` : 'unit-leaders/new', fresh, leader ? { id: leader.id, base: leader.digest } : {})
  const form = draft.value.value
  const submit = async () => {
    if (!form.name.trim()) throw new Error('请写姓名')
    const body = { sending_unit_id: unit, ...form, name: form.name.trim(), title: form.title.trim() }
    await save('PUT /api/unit-leaders/{id}', { id: draft.id.value, draft: draft.key, body, words: `负责同志 · ${body.name}`, ...(draft.base.value ? { correcting: draft.base.value } : {}) })
    draft.done()
    toast('已存本机，联网后自动上传')
    back('/unit-leaders')
  }
  if (!draft.ready.value) return <Page title="负责同志" up="/unit-leaders"><Loading /></Page>
  return (
    <Page title={leader ? '更正负责同志' : '登记负责同志'} up="/unit-leaders" elsewhere={draft} foot={<Button onClick={submit}>保存</Button>}>
      <Cells title="职责"><Chips label="职责" value={form.post} onChange={post => draft.set({ post })} options={POSTS} /></Cells>
      <Cells>
        <TextField label="姓名" value={form.name} onChange={name => draft.set({ name })} most={40} required />
        <TextField label="职务" value={form.title} onChange={title => draft.set({ title })} most={60} placeholder="如 副局长" />
      </Cells>
      {leader && <Cells><SwitchField label="已不在岗" tips="以后不再列出；以前的记录不变" value={form.left_on !== null} onChange={left => draft.set({ left_on: left ? toInput(serverNow()).slice(0, 10) : null })} /></Cells>}
    </Page>
  )
}
