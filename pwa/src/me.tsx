import { person } from './core/person'
import { go } from './core/router'
import { signOut, unfinished } from './core/session'
import { large } from './core/settings'
import { Button, Cell, Cells, confirm, Page, SwitchField } from './core/ui'
import { waiting } from './core/waiting'

export function Me() {
  return (
    <Page title="我">
      <div class="me"><span class="me__face" aria-hidden="true">{person.value?.name.slice(0, 1)}</span><div><p class="me__name">{person.value?.name} 同志</p><p class="weui-cell__desc">账号 {person.value?.username}{person.value?.area ? ` · ${person.value.area.name}` : ''}</p></div></div>
      <Cells>
        <Cell title="待上传" value={waiting.value.count ? `${waiting.value.count} 条` : '都已送达'} to="/me/waiting" />
        <Cell title="提醒" to="/reminders" />
      </Cells>
      <Cells><SwitchField label="大字" value={large.value} onChange={value => { large.value = value }} /></Cells>
      <Cells>
        <Cell title="修改密码" to="/me/password" />
        <Cell title="关于红领通" to="/about" />
        <Cell title="投诉建议" to="/feedback" />
      </Cells>
      <div class="actions"><Button kind="default" onClick={leave}>退出登录</Button></div>
    </Page>
  )
}

/** Unsent work is named before it is sealed; nothing is thrown away. */
async function leave(): Promise<void> {
  const { unsent, drafts } = await unfinished()
  const left = [unsent && `${unsent} 条未上传的记录`, drafts && `${drafts} 份草稿`].filter(Boolean).join('和')
  const text = left ? `本机还有${left}。退出后封存在本机，只有您再次登录后才能看到并上传。` : '退出后本机不留已上传的记录。'
  if (!await confirm({ title: '退出登录？', text, yes: '退出' })) return
  await signOut()
  go('/signin', { replace: true })
}
