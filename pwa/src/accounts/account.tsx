import { useSignal, type Signal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { call, type Out } from '../core/api'
import { uuid7 } from '../core/ids'
import { held, useHeld } from '../core/list'
import { person } from '../core/person'
import { go } from '../core/router'
import { Button, Cell, Cells, confirm, Loading, Page, SelectField, SwitchField, TextField, toast } from '../core/ui'
import { pickFrom } from '../core/ui/picker'
import { showActivation } from './activation-sheet'
import { problemOf, ROLES, ROLE_WORDS, type AccountBody, type Form, type Role } from './roles'

type Account = Out<'GET /api/accounts/{id}'>

/** One account: made, changed, disabled; its activation code is handed out here. */
export default function AccountPage({ id }: { id?: string }) {
  return id && id !== 'new' ? <Existing id={id} /> : <FormPage />
}

function Existing({ id }: { id: string }) {
  const server = useHeld('GET /api/accounts/{id}', { path: { id } })
  const account = server.data.value
  if (!account) return <Page title="账号" up="/accounts"><Loading /></Page>
  return <FormPage key={account.etag} account={account} refresh={server.refresh} />
}

function FormPage({ account, refresh }: { account?: Account; refresh?: () => Promise<void> }) {
  const id = useMemo(() => account?.id ?? uuid7(), [account?.id])
  const form = useSignal<Form>(account ? formOf(account) : { username: '', name: '', roles: ['secretary'], area_path: '', branch_id: null, host_unit_id: null, sending_unit_id: null, disabled: false })
  const submit = async () => {
    const problem = problemOf(form.value)
    if (problem) throw new Error(problem)
    if (form.value.disabled && account && !account.disabled && !await confirm({ title: `停用${account.name}同志的账号？`, text: '停用后立即退出登录，手机上没有上传的记录仍在其手机里。', yes: '停用', danger: true })) return
    await call('PUT /api/accounts/{id}', { path: { id }, body: bodyOf(form.value), ...(account ? { headers: { 'If-Match': `"${account.etag}"` } } : {}) })
    void held('GET /api/accounts', { query: {} }).refresh()
    toast('已保存', 'done')
    if (account) await refresh?.()
    else go(`/accounts/${id}`, { replace: true })
  }
  return (
    <Page title={account ? account.name : '新增账号'} up="/accounts" foot={<Button onClick={submit}>保存</Button>}>
      {account && !account.disabled && <Cells tips={account.activated ? '忘记密码时，重新发激活码，由本人重设密码。' : '账号还没有启用。发激活码给本人，扫码后自己设密码。'}><Cell title={account.activated ? '重新发激活码' : '发激活码'} onClick={() => void showActivation(account)} /></Cells>}
      <Who form={form} fixed={account !== undefined} />
      <Units form={form} />
      {account && account.id !== person.value?.id && <Cells><SwitchField label="停用账号" tips="停用后不能登录，记录保留" value={form.value.disabled} onChange={disabled => { form.value = { ...form.value, disabled } }} /></Cells>}
    </Page>
  )
}

function Who({ form, fixed }: { form: Signal<Form>; fixed: boolean }) {
  const areas = useHeld('GET /api/areas')
  const set = (part: Partial<Form>) => { form.value = { ...form.value, ...part } }
  const toggle = (role: Role) => {
    const { roles } = form.value
    set({ roles: roles.includes(role) ? roles.filter(one => one !== role) : [...roles, role] })
  }
  return <>
    <Cells>
      <TextField label="姓名" value={form.value.name} onChange={name => set({ name })} most={40} required />
      {fixed ? <Cell title="账号" value={form.value.username} /> : <TextField label="账号" value={form.value.username} onChange={username => set({ username: username.trim().toLowerCase() })} most={40} placeholder="小写字母和数字，如 wangxm" />}
      <SelectField label="区域" value={form.value.area_path} onChange={area_path => set({ area_path })} options={(areas.data.value?.items ?? []).map(area => ({ value: area.path, words: area.name }))} placeholder="全市" />
    </Cells>
    <Cells title="身份（可多选）">
      <div class="chips" role="group" aria-label="身份">{ROLES.map(role => <button type="button" key={role} class="chip" aria-pressed={form.value.roles.includes(role)} onClick={() => toggle(role)}>{ROLE_WORDS[role]}</button>)}</div>
    </Cells>
  </>
}

/** Only what the roles need: a secretary's own units come with the posting. */
function Units({ form }: { form: Signal<Form> }) {
  const { roles, host_unit_id, sending_unit_id, branch_id } = form.value
  const names = useSignal<Record<string, string>>({})
  const take = (field: 'host_unit_id' | 'sending_unit_id' | 'branch_id') => async () => {
    const found = await PICKS[field]()
    if (!found) return
    names.value = { ...names.value, [found.id]: found.name }
    form.value = { ...form.value, [field]: found.id }
  }
  const words = (id: string | null) => id ? names.value[id] ?? '已设置' : '请选择'
  const wanted = [
    roles.includes('host_officer') && <Cell key="host" title="任职单位" value={words(host_unit_id)} onClick={() => void take('host_unit_id')()} />,
    roles.includes('sending_unit_officer') && <Cell key="sending" title="派出单位" value={words(sending_unit_id)} onClick={() => void take('sending_unit_id')()} />,
    roles.includes('branch_lead') && <Cell key="branch" title="临时党支部" value={words(branch_id)} onClick={() => void take('branch_id')()} />,
  ].filter(Boolean)
  return wanted.length ? <Cells title="所属单位">{wanted}</Cells> : null
}

const PICKS = {
  host_unit_id: () => pickFrom('GET /api/host-units', { title: '选择任职单位', show: unit => ({ title: unit.name }) }),
  sending_unit_id: () => pickFrom('GET /api/sending-units', { title: '选择派出单位', show: unit => ({ title: unit.name }) }),
  branch_id: () => pickFrom('GET /api/branches', { title: '选择临时党支部', show: branch => ({ title: branch.name }) }),
}

function formOf({ username, name, roles, area_path, branch_id, host_unit_id, sending_unit_id, disabled }: Account): Form {
  return { username, name, roles: roles as Role[], area_path, branch_id, host_unit_id, sending_unit_id, disabled }
}

/** The areas to choose from come from the server, so what was chosen is one of those it takes. */
function bodyOf(form: Form): AccountBody {
  return { ...form, name: form.name.trim(), area_path: (form.area_path || null) as NonNullable<AccountBody['area_path']> | null }
}
