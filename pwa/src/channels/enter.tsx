import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { go, query } from '../core/router'
import { bind, enterElsewhere } from '../core/session'
import { Button, Cells, Chips, Empty, Loading, Page, TextField, toast } from '../core/ui'

const STATE = 'hongling-wecom-state'
type Way = 'wecom' | 'mini-program'

/** Back from WeCom's page, with a code and the state that this window sent along. */
export function WeComPage() {
  const asked = sessionStorage.getItem(STATE)
  const own = asked !== null && query.value.get('state') === asked
  if (!own) return <Wrong text="这次登录不是从本机发起的，请重新登录" />
  return <Enter way="wecom" words="企业微信" />
}

/** What the mini program opens in its web view: nothing else is asked of it. */
export function MiniProgramPage() {
  return <Enter way="mini-program" words="微信" />
}

function Enter({ way, words }: { way: Way; words: string }) {
  const ticket = useSignal<string | null>(null)
  const wrong = useSignal<string | null>(null)
  const code = query.value.get('code')
  useEffect(() => {
    const come = async () => {
      try {
        const found = await enterElsewhere(way, code!)
        if (typeof found === 'string') ticket.value = found
        else welcome(found.name)
      } catch (error) {
        wrong.value = (error as Error).message
      }
    }
    if (code) void come()
  }, [code])
  if (!code) return <Wrong text="没有收到登录码，请重新进入" />
  if (wrong.value) return <Wrong text={wrong.value} />
  return ticket.value ? <Binding ticket={ticket.value} words={words} /> : <Page title="正在登录"><Loading /></Page>
}

function welcome(name: string): void {
  sessionStorage.removeItem(STATE)
  toast(`${name}同志，您好`, 'done')
  go('/', { replace: true })
}

function Wrong({ text }: { text: string }) {
  return <Page title="登录"><Empty title="没有登录成功" text={text} action={<a class="weui-btn weui-btn_primary" href="/signin">用账号和密码登录</a>} /></Page>
}

const PROOFS = [{ value: 'username' as const, words: '账号和密码' }, { value: 'activation_code' as const, words: '激活码' }]

/** Once; from then on the account there opens the door. */
function Binding({ ticket, words }: { ticket: string; words: string }) {
  const way = useSignal<'username' | 'activation_code'>('username')
  const name = useSignal('')
  const password = useSignal('')
  const submit = async () => {
    if (!name.value.trim() || !password.value) throw new Error('请填写完整')
    const proof = way.value === 'username' ? { username: name.value.trim() } : { activation_code: name.value.trim() }
    welcome((await bind(ticket, proof, password.value)).name)
  }
  const byCode = way.value === 'activation_code'
  return (
    <Page title="绑定账号" foot={<Button onClick={submit}>绑定并登录</Button>}>
      <Cells title={`把${words}和您的红领通账号连起来，只需一次`}><Chips label="怎么证明是您本人" value={way.value} onChange={value => { way.value = value }} options={PROOFS} /></Cells>
      <Cells tips={byCode ? '激活码由管理员发放，一次有效' : '以后从这里进来不用再输密码；在“提醒设置”里可以解除'}>
        <TextField label={byCode ? '激活码' : '账号'} value={name.value} onChange={value => { name.value = value }} autocomplete={byCode ? 'one-time-code' : 'username'} required />
        <TextField label={byCode ? '新密码' : '密码'} type="password" value={password.value} onChange={value => { password.value = value }} autocomplete={byCode ? 'new-password' : 'current-password'} required />
      </Cells>
    </Page>
  )
}
