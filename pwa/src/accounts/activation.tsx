import { useSignal } from '@preact/signals'
import { go } from '../core/router'
import { activate } from '../core/session'
import { Button, Page, TextField, toast } from '../core/ui'
import { LEAST, problemOf } from './new-password'

/** Opened by the one-time code of a new account: its owner chooses the password, nobody else ever knows it. */
export default function ActivationPage({ code }: { code?: string }) {
  const password = useSignal('')
  const repeat = useSignal('')
  const wrong = useSignal<string | undefined>(undefined)
  const submit = async () => {
    wrong.value = problemOf(password.value, repeat.value)
    if (wrong.value) return
    try {
      const found = await activate(code ?? '', password.value)
      toast(`${found.name}同志，账号已启用`, 'done')
      go('/', { replace: true })
    } catch (error) {
      wrong.value = error instanceof Error ? error.message : '没有成功，请再试一次'
    }
  }
  return (
    <Page title="启用账号" up="/signin">
      <p class="prose">请为您的账号设置密码。密码至少 {LEAST} 位，可以用一句自己记得住的话的拼音；不要用生日、手机号。</p>
      <div class="weui-cells">
        <TextField label="新密码" type="password" autocomplete="new-password" value={password.value} onChange={value => { password.value = value }} placeholder={`至少 ${LEAST} 位`} />
        <TextField label="再输一遍" type="password" autocomplete="new-password" value={repeat.value} onChange={value => { repeat.value = value }} placeholder="与上面相同" error={wrong.value} />
      </div>
      <div class="actions"><Button onClick={submit}>启用并登录</Button></div>
    </Page>
  )
}
