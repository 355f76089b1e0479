import { useSignal } from '@preact/signals'
import { call } from '../core/api'
import { back } from '../core/router'
import { Button, Page, TextField, toast } from '../core/ui'
import { problemOf } from './new-password'

export default function PasswordPage() {
  const old = useSignal('')
  const fresh = useSignal('')
  const repeat = useSignal('')
  const wrong = useSignal<string | undefined>(undefined)
  const submit = async () => {
    wrong.value = problemOf(fresh.value, repeat.value)
    if (wrong.value) return
    try {
      await call('PUT /api/password', { body: { old: old.value, new: fresh.value } })
      toast('密码已修改，其他设备需要重新登录', 'done')
      back('/me')
    } catch (error) {
      wrong.value = error instanceof Error ? error.message : '没有修改成功，请再试一次'
    }
  }
  return (
    <Page title="修改密码" up="/me">
      <div class="weui-cells">
        <TextField label="原密码" type="password" autocomplete="current-password" value={old.value} onChange={value => { old.value = value }} placeholder="现在使用的密码" />
        <TextField label="新密码" type="password" autocomplete="new-password" value={fresh.value} onChange={value => { fresh.value = value }} placeholder="至少 10 位" />
        <TextField label="再输一遍" type="password" autocomplete="new-password" value={repeat.value} onChange={value => { repeat.value = value }} placeholder="与上面相同" error={wrong.value} />
      </div>
      <div class="actions"><Button onClick={submit}>修改密码</Button></div>
    </Page>
  )
}
