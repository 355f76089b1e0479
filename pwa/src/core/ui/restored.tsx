import { dayTime } from '../dates'
import type { Draft } from '../draft'
import { Strip } from './notes'
import { confirm } from './overlay'

/** Says that the form opened with what was written before. Starting over asks first: nothing brings the words and the photos back. */
export function Restored({ draft }: { draft: Pick<Draft<object>, 'restored' | 'clear'> }) {
  const kept = draft.restored.value
  if (kept === null) return null
  const startOver = async () => {
    if (await confirm({ title: '清空草稿？', text: '已写的内容和照片会删除，不能找回。', yes: '清空', danger: true })) await draft.clear()
  }
  return <Strip kind="info" onClick={() => void startOver()}>已恢复{dayTime(kept)}的草稿，点这里清空重写</Strip>
}
