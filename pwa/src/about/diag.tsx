import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { offset } from '../core/clock'
import { waiting } from '../core/waiting'
import { AsOf, BarButton, Button, Cell, Cells, Loading, Page, Tag, toast } from '../core/ui'
import { look, SEAL_WORDS, type Finding } from './diagnosis'

/** 诊断: what this browser can do, in words that can be read out on the telephone. Needs no sign-in and sends nothing. */
export default function DiagPage() {
  const found = useSignal<Finding[] | undefined>(undefined)
  const at = useSignal<number | null>(null)
  const again = async () => {
    found.value = await look()
    at.value = Date.now()
  }
  useEffect(() => { void again() }, [offset.value !== null, waiting.value.count])
  const copy = async () => {
    const text = (found.value ?? []).map(one => `${one.name}：${one.words}${one.ok === false ? ' ✗' : ''}`).join('\n')
    try {
      await navigator.clipboard.writeText(text)
      toast('已复制，可以粘贴发给技术支持', 'done')
    } catch {
      toast(copyOldWay(text) ? '已复制，可以粘贴发给技术支持' : '这个浏览器不让复制，请截图', 'warn')
    }
  }
  if (!found.value) return <Page title="诊断" up="/about"><Loading text="正在检查" /></Page>
  const groups = [...new Set(found.value.map(one => one.group))]
  return (
    <Page title="诊断" up="/about" right={<BarButton label="刷新" onClick={() => void again()} />} foot={<Button onClick={copy}>复制给技术支持</Button>}>
      {groups.map(group => (
        <Cells key={group} title={group}>
          {found.value!.filter(one => one.group === group).map(one => <Cell key={one.name} title={one.name} desc={one.words} value={one.ok === undefined ? undefined : one.ok ? <Tag kind="done">正常</Tag> : <Tag kind="wait">注意</Tag>} />)}
        </Cells>
      ))}
      <Cells title="本机内容怎样保护"><p class="prose">{SEAL_WORDS}</p></Cells>
      <AsOf at={at.value} />
    </Page>
  )
}

/** Without the clipboard of the platform (plain http, old web views). */
function copyOldWay(text: string): boolean {
  const area = Object.assign(document.createElement('textarea'), { value: text })
  document.body.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  return done
}
