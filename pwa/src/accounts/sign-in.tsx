import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { call } from '../core/api'
import { uuid7 } from '../core/ids'
import { person } from '../core/person'
import { back, go, place } from '../core/router'
import { signIn } from '../core/session'
import { Button, Page, TextField } from '../core/ui'
import './accounts.css'

/** Account and password. Where the person wanted to go (a link, a meeting's code) is kept in ?next=. */
export function SignInPage() {
  const username = useSignal(person.value?.username ?? '')
  const password = useSignal('')
  const wrong = useSignal<string | undefined>(undefined)
  const again = person.value !== null
  const elsewhere = useSignal(false)
  useEffect(() => {
    const look = async () => { elsewhere.value = await offersWeCom() }
    void look()
  }, [])
  const submit = async () => {
    if (!username.value.trim() || !password.value) {
      wrong.value = '请填写账号和密码'
      return
    }
    try {
      await signIn(username.value.trim(), password.value)
      go(nextOf(place.value.query.get('next')), { replace: true })
    } catch (error) {
      wrong.value = error instanceof Error ? error.message : '没有登录成功，请再试一次'
    }
  }
  return (
    <Page title="" {...(again ? { up: '/' } : {})}>
      <form class="signin" onSubmit={event => { event.preventDefault(); void submit() }}>
        <img class="signin__icon" src="/icon-192.png" alt="" width="72" height="72" />
        <h1 class="signin__name">红领通</h1>
        <p class="signin__about">{again ? '登录已过期，重新登录后继续上传' : '红领书记的走访、台账与会议'}</p>
        <div class="weui-cells">
          <TextField label="账号" value={username.value} onChange={value => { username.value = value }} autocomplete="username" placeholder="请输入账号" />
          <TextField label="密码" type="password" value={password.value} onChange={value => { password.value = value }} autocomplete="current-password" placeholder="请输入密码" error={wrong.value} />
        </div>
        <div class="actions"><Button onClick={submit}>登录</Button></div>
        {elsewhere.value && <div class="actions"><Button kind="default" onClick={byWeCom}>企业微信登录</Button></div>}
        <input type="submit" class="hidden" tabIndex={-1} aria-hidden="true" value="登录" />
        <p class="signin__links"><a href="/about">关于红领通</a><a href="/feedback">投诉建议</a></p>
        {again && <p class="signin__links"><button type="button" class="link" onClick={() => back('/')}>先不登录，继续离线使用</button></p>}
      </form>
    </Page>
  )
}

const STATE = 'hongling-wecom-state'

/** Only inside 企业微信, whose page can say who somebody is. */
async function offersWeCom(): Promise<boolean> {
  if (!/wxwork/i.test(navigator.userAgent)) return false
  return call('GET /api/sign-in-ways', { query: {} }).then(ways => ways.wecom_url !== null, () => false)
}

/** The state comes back with the code: what nobody here asked for is not taken. */
async function byWeCom(): Promise<void> {
  const state = uuid7().replaceAll('-', '')
  sessionStorage.setItem(STATE, state)
  const { wecom_url } = await call('GET /api/sign-in-ways', { query: { state } })
  if (wecom_url) location.assign(wecom_url)
}

/** Only inside this app: a link must not carry a person elsewhere after the password. */
export function nextOf(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) ? next : '/'
}
