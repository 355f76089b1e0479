import { is } from './core/person'
import { go } from './core/router'
import { BarButton, Icon, menu } from './core/ui'

/** ⊕ at the top right, as in WeChat. */
export function PlusButton() {
  if (!is('secretary', 'branch_lead')) return null
  return <BarButton label="添加" onClick={() => void pick()}><Icon name="plus" /></BarButton>
}

async function pick(): Promise<void> {
  const to = await menu([
    { value: '/scan', words: '扫一扫', icon: 'scan' },
    { value: '/visits/new', words: '记走访', icon: 'visit' },
    { value: '/issues/new', words: '记问题', icon: 'issue' },
    ...(is('branch_lead') ? [{ value: '/meetings/new', words: '召开会议', icon: 'meetings' as const }] : []),
  ])
  if (to) go(to)
}
