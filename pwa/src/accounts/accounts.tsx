import { useSignal } from '@preact/signals'
import { usePages } from '../core/pages'
import { go } from '../core/router'
import { BarButton, Cell, Empty, Icon, Listing, Page, Search, Tag } from '../core/ui'
import { roleWords } from './roles'

/** 账号管理: who may sign in and as what. No work of theirs stands here. */
export default function AccountsPage() {
  const q = useSignal('')
  return (
    <Page title="账号管理" up="/me" right={<BarButton label="新增账号" onClick={() => go('/accounts/new')}><Icon name="plus" /></BarButton>}>
      <Search value="" onSearch={words => { q.value = words }} placeholder="按姓名、账号查找" />
      <Accounts key={q.value} q={q.value} />
    </Page>
  )
}

function Accounts({ q }: { q: string }) {
  const pages = usePages('GET /api/accounts', q ? { q } : {})
  return <Listing pages={pages} empty={<Empty title={q ? '没有找到' : '还没有账号'} />} render={one => (
    <Cell key={one.id} title={one.name} desc={`${one.username} · ${roleWords(one.roles)}`} to={`/accounts/${one.id}`}>
      {(one.disabled || !one.activated) && <span class="tags">{one.disabled ? <Tag kind="red">已停用</Tag> : <Tag kind="wait">未启用</Tag>}</span>}
    </Cell>
  )} />
}
