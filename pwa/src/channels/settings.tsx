import { useSignal } from '@preact/signals'
import { call, type Item } from '../core/api'
import { uuid7 } from '../core/ids'
import { useHeld, type Held } from '../core/list'
import { is } from '../core/person'
import { canPush, subscribe } from '../core/push'
import { AsOf, Button, Cell, Cells, choose, confirm, Loading, Page, prompt, SwitchField, Tag, toast } from '../core/ui'

type Address = Item<'GET /api/addresses'>
type Channel = Item<'GET /api/channels'>

/** 提醒设置: the inbox has everything anyway; here is what else rings, and where. */
export default function SettingsPage() {
  const choices = useHeld('GET /api/reminder-choices')
  const channels = useHeld('GET /api/channels')
  const addresses = useHeld('GET /api/addresses')
  const items = choices.data.value?.items
  if (!items || !channels.data.value || !addresses.data.value) return <Page title="提醒设置" up="/me">{choices.loading.value ? <Loading /> : <AsOf at={null} error={choices.error.value} />}</Page>
  const ring = async (kind: string, rings: boolean) => {
    await say(() => call('PUT /api/reminder-choices/{kind}', { path: { kind }, body: { rings } }))
    await choices.refresh()
  }
  return (
    <Page title="提醒设置" up="/me" onRefresh={() => Promise.all([choices.refresh(), channels.refresh(), addresses.refresh()])}>
      <Cells title="哪些提醒要响铃" tips="不响的也都在收件箱里。晚 8 点到早 8 点、休息日不响；除会前一小时外，一天最多响一次。">
        {items.filter(one => concerns(one.kind)).map(one => <SwitchField key={one.kind} label={one.words} value={one.rings} onChange={rings => void ring(one.kind, rings)} />)}
      </Cells>
      <Where channels={channels.data.value.items} addresses={addresses.data.value.items} refresh={addresses.refresh} />
      <Calendar />
    </Page>
  )
}

/** A kind that can never come is not asked about. */
function concerns(kind: string): boolean {
  if (kind.startsWith('duty_')) return is('sending_unit_officer', 'branch_lead', 'organizer')
  return is('secretary', 'branch_lead')
}

function Where({ channels, addresses, refresh }: { channels: Channel[]; addresses: Address[]; refresh: Held<unknown>['refresh'] }) {
  const add = async () => {
    const open = channels.filter(one => one.ready && ['web_push', 'webhook', 'email'].includes(one.channel))
    const channel = await choose(open.map(one => ({ value: one, words: one.words })), '发到哪里')
    if (channel && await say(() => register(channel))) await refresh()
  }
  return (
    <Cells title="发到哪里" tips={`从上到下依次尝试，送到一个就停。${canPush() ? '' : '这个浏览器不能接收推送，可以用下面的日历订阅。'}企业微信、微信小程序在那边登录一次就自动绑定。`}>
      {addresses.map(one => (
        <Cell key={one.id} title={one.words} desc={one.broken ?? one.label} onClick={() => void manage(one, refresh)}>
          <span class="tags">{one.broken ? <Tag kind="red">已失效</Tag> : one.on ? <Tag kind="done">已开启</Tag> : <Tag>已关闭</Tag>}</span>
        </Cell>
      ))}
      {!addresses.length && <Cell title="还没有" desc="提醒只在收件箱里" />}
      <div class="inline-action"><Button kind="default" onClick={add}>添加接收方式</Button></div>
    </Cells>
  )
}

async function register(channel: Channel): Promise<string> {
  const told = await valueOf(channel)
  if (!told) return ''
  await call('PUT /api/addresses/{id}', { path: { id: uuid7() }, body: { channel: channel.channel as 'email', ...told } })
  return '已开启'
}

async function valueOf(channel: Channel): Promise<{ value: string; label: string } | undefined> {
  if (channel.channel === 'web_push') return { value: await subscribe(channel.vapid_key ?? ''), label: deviceWords() }
  const asked = channel.channel === 'email' ? { title: '邮箱地址', least: 5 } : { title: '手机号', least: 11, most: 11 }
  const value = (await prompt({ ...asked, yes: '保存' }))?.trim()
  return value ? { value, label: channel.channel === 'email' ? value.replace(/^(.).*@/, '$1***@') : `${value.slice(0, 3)}****${value.slice(-4)}` } : undefined
}

const deviceWords = () => /iPhone|iPad/.test(navigator.userAgent) ? '这台苹果设备' : /Android/.test(navigator.userAgent) ? '这台安卓手机' : '这台电脑'

async function manage(one: Address, refresh: Held<unknown>['refresh']): Promise<void> {
  const bound = one.channel === 'wecom' || one.channel === 'mini_program'
  const what = await choose([
    { value: 'try' as const, words: '试发一条' },
    { value: 'flip' as const, words: one.on && !one.broken ? '关闭' : '重新开启' },
    { value: 'drop' as const, words: bound ? '解除绑定' : '删除', danger: true },
  ], one.words)
  if (what === 'try') await say(async () => (await call('PUT /api/trials/{id}', { path: { id: uuid7() }, body: { address_id: one.id } })).sentence)
  if (what === 'flip') await say(() => call('PUT /api/addresses/{id}/on', { path: { id: one.id }, body: { on: !one.on || one.broken !== null } }))
  if (what === 'drop' && await confirm({ title: bound ? '解除绑定？' : '删除？', text: bound ? '解除后不能再用它登录，也不再收提醒。' : '删除后不再发到这里。', yes: '确定', danger: true })) await say(() => call('DELETE /api/addresses/{id}', { path: { id: one.id } }))
  if (what) await refresh()
}

/** 日历订阅: needs no push and no app; every phone can. */
function Calendar() {
  const feed = useHeld('GET /api/calendar-feed')
  const copied = useSignal(false)
  const url = feed.data.value?.url
  const renew = async () => {
    if (url && !await confirm({ title: '更换地址？', text: '原来的地址立即失效，日历里要重新添加。', yes: '更换' })) return
    await say(() => call('PUT /api/calendar-feed'))
    await feed.refresh()
  }
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(url!)
      copied.value = true
      toast('已复制，请到手机日历里添加“订阅日历”', 'done')
    } catch {
      toast('没有复制成功，请长按地址复制', 'warn')
    }
  }
  return (
    <Cells title="日历订阅" tips="把会议和到期日放进手机自带的日历，由日历提醒您。地址只给自己用，不要转发。">
      {url && <p class="prose calendar__url">{url}</p>}
      <div class="inline-action">{url ? <><Button onClick={copy}>复制地址</Button><Button kind="default" onClick={renew}>更换地址</Button></> : <Button kind="default" onClick={renew}>取得日历地址</Button>}</div>
      <AsOf at={null} error={feed.error.value} />
    </Cells>
  )
}

/** The server's sentence as a toast, good or bad; whether it went well. */
async function say(work: () => Promise<unknown>): Promise<boolean> {
  try {
    const words = await work()
    if (typeof words === 'string' && words) toast(words, 'done')
    return words !== ''
  } catch (error) {
    toast((error as Error).message, 'warn')
    return false
  }
}
