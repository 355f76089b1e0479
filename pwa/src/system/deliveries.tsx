import { useSignal } from '@preact/signals'
import { listTime } from '../core/dates'
import { usePages } from '../core/pages'
import { Cell, Chips, Empty, Listing, Page, Tag } from '../core/ui'

const OUTCOMES: Record<string, { words: string; kind?: 'done' | 'wait' | 'red' }> = {
  ok: { words: '已送到', kind: 'done' }, retry: { words: '稍后再试', kind: 'wait' }, refresh_token: { words: '更新令牌后再试', kind: 'wait' },
  drop_recipient: { words: '收件人失效', kind: 'red' }, config_error: { words: '设置有误', kind: 'red' }, unsure: { words: '不能确定', kind: 'wait' },
}
const SHOWN = [{ value: 'failed' as const, words: '没有送到的' }, { value: 'all' as const, words: '全部' }]

/** Every attempt, newest first: to whom it should have gone, what the provider answered, never what was said. */
export default function DeliveriesPage() {
  const shown = useSignal<'failed' | 'all'>('failed')
  return <Page title="发送记录" up="/system"><Chips label="看哪些" value={shown.value} onChange={value => { shown.value = value }} options={SHOWN} /><Rows key={shown.value} failed={shown.value === 'failed'} /></Page>
}

function Rows({ failed }: { failed: boolean }) {
  const pages = usePages('GET /api/deliveries', failed ? { failed: true } : {})
  return <Listing pages={pages} empty={<Empty title={failed ? '都送到了' : '还没有发送过'} />} render={one => {
    const outcome = OUTCOMES[one.outcome ?? ''] ?? { words: '发送中' }
    return <Cell key={one.id} title={`${one.person.name} · ${one.words}`} desc={[one.code, one.detail].filter(Boolean).join(' ')} time={listTime(one.begun_at)}><span class="tags"><Tag {...(outcome.kind ? { kind: outcome.kind } : {})}>{outcome.words}</Tag></span></Cell>
  }} />
}
