import { is, person } from './core/person'
import { install, installable } from './core/pwa'
import { go } from './core/router'
import { signOut, unfinished } from './core/session'
import { large } from './core/settings'
import { Badge, Button, Cell, Cells, confirm, Page, SwitchField, Tag } from './core/ui'
import { RoleCells } from './role-cells'
import { badges } from './core/ui/shell'
import { noneWords, waiting } from './core/waiting'

export function Me() {
  const { count, attention } = waiting.value
  return (
    <Page title="我">
      <div class="me">
        <span class="me__face" aria-hidden="true">{person.value?.name.slice(0, 1)}</span>
        <div><p class="me__name">{person.value?.name} 同志</p><p class="weui-cell__desc">{[`账号 ${person.value?.username}`, person.value?.area?.name].filter(Boolean).join(' · ')}</p></div>
      </div>
      <Cells>
        {is('secretary', 'branch_lead', 'sending_unit_officer', 'organizer') && <Cell title="待上传" value={attention ? <Tag kind="red">{attention} 条需处理</Tag> : count ? <Tag kind="wait">{count} 条</Tag> : noneWords} to="/me/waiting" />}
        {is('secretary', 'branch_lead') && <Cell title="派出单位的关心" to="/fulfilled" />}
        <Cell title="提醒" value={<Badge count={badges.value.today ?? 0} />} to="/reminders" />
      </Cells>
      <RoleCells />
      <Cells>
        <SwitchField label="大字" value={large.value} onChange={value => { large.value = value }} />
        <InstallCell />
      </Cells>
      <Cells>
        <Cell title="提醒设置" desc="哪些响铃、发到哪里、日历订阅" to="/me/reminders" />
        <Cell title="修改密码" to="/me/password" />
        <Cell title="诊断" desc="这台手机能做什么，有问题时给技术支持看" to="/diag" />
        <Cell title="关于红领通" to="/about" />
        <Cell title="投诉建议" to="/feedback" />
      </Cells>
      <div class="actions"><Button kind="default" onClick={leave}>退出登录</Button></div>
    </Page>
  )
}

export const INSTALL_WORDS = {
  ios_safari: '点屏幕下方的“分享”按钮，再选“添加到主屏幕”。添加后没有网络也能打开，系统也不会在 7 天不用后清掉本机的记录。',
  wechat: '微信里不能离线打开。请点右上角“…”，选“在浏览器打开”，再添加到桌面。已填写的内容照样存在本机，有网络时自动上传。',
  other: '这个浏览器不能在没有网络时打开红领通。已经打开时照样可以填写，内容存在本机，有网络时自动上传。换用手机自带的浏览器并添加到桌面，没有网络也能打开。',
}

/** How the app gets its place on the home screen depends on the browser; the words say where to tap. */
function InstallCell() {
  const way = installable.value
  if (!way) return null
  const how = way === 'by_button' ? undefined : INSTALL_WORDS[way]
  const act = async () => {
    if (how) await confirm({ title: '添加到桌面', text: how, yes: '知道了', no: null })
    else await install()
  }
  return <Cell title="添加到桌面" desc="像普通应用一样打开，没有网络也能用" onClick={() => void act()} />
}

/** Unsent work is named before it is sealed; nothing is thrown away. */
async function leave(): Promise<void> {
  const { unsent, drafts } = await unfinished()
  const left = [unsent && `${unsent} 条未上传的记录`, drafts && `${drafts} 份草稿`].filter(Boolean).join('和')
  const text = left ? `本机还有 ${left}。退出后封存在本机，只有您再次登录后才能看到并上传。` : '退出后本机不留已上传的记录。'
  if (!await confirm({ title: '退出登录？', text, yes: '退出' })) return
  await signOut()
  go('/signin', { replace: true })
}
