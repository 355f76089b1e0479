import { call, type Out } from '../core/api'
import { dayTime, longDay } from '../core/dates'
import { uuid7 } from '../core/ids'
import { Button, confirm, open, toast } from '../core/ui'

type Code = Out<'PUT /api/activation-codes/{id}'>

/** A one-time code for the owner of an account, shown once: the server keeps only a hash of it. */
export async function showActivation(account: { id: string; name: string; activated: boolean }): Promise<void> {
  const text = account.activated ? '原来的密码在本人重设后失效。激活码只显示这一次。' : '激活码只显示这一次，请让本人当面扫码，或打印交给本人。'
  if (!await confirm({ title: `给${account.name}同志发激活码？`, text, yes: '发激活码' })) return
  try {
    const code = await call('PUT /api/activation-codes/{id}', { path: { id: uuid7() }, body: { account_id: account.id } })
    await open(close => <Sheet name={account.name} code={code} close={() => close()} />)
  } catch (error) {
    toast((error as Error).message, 'warn')
  }
}

function Sheet({ name, code, close }: { name: string; code: Code; close: () => void }) {
  return (
    <div class="activation" role="dialog" aria-modal="true" aria-label={`${name}同志的激活码`}>
      <h2>{name} 同志</h2>
      <p>用手机扫码，自己设密码后启用“红领通”</p>
      <img class="activation__code" src={`data:image/svg+xml;utf8,${encodeURIComponent(code.svg)}`} alt="激活二维码" width="240" height="240" />
      <p class="activation__link">{code.url}</p>
      <p>{longDay(code.expires_at)} {dayTime(code.expires_at).slice(-5)} 前有效，只能用一次</p>
      <div class="activation__buttons"><Button kind="default" onClick={() => window.print()}>打印</Button><Button onClick={close}>完成</Button></div>
    </div>
  )
}
