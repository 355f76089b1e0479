import { useSignal } from '@preact/signals'
import { call, Unreachable, type Out } from '../core/api'
import { uuid7 } from '../core/ids'
import { stamped } from '../core/save'
import { Cell, Cells, choose, Fact, Facts, prompt, toast } from '../core/ui'

export type Contact = NonNullable<Out<'PUT /api/contact-reveals/{id}'>['contact']>

const REASONS = ['电话回访', '上门办理', '核对情况']

/** The server shows it once and writes down who looked and why. Never through the outbox: its answer must not lie on the phone's disk. */
export async function reveal(issue_id: string, reason: string): Promise<Contact> {
  const { contact } = await call('PUT /api/contact-reveals/{id}', { path: { id: uuid7() }, body: await stamped({ issue_id, reason }) })
  if (!contact) throw new Error('联系方式没有取到，请再查看一次')
  return contact
}

/** Hidden until a reason is given; gone again when the page is left. */
export function ContactCells({ issueId }: { issueId: string }) {
  const contact = useSignal<Contact | null>(null)
  const busy = useSignal(false)
  const show = async () => {
    const reason = busy.value ? undefined : await askReason()
    if (!reason) return
    busy.value = true
    try {
      contact.value = await reveal(issueId, reason)
    } catch (error) {
      toast(error instanceof Unreachable ? '查看联系方式需要网络，请连上网络后再试' : (error as Error).message, 'warn')
    } finally {
      busy.value = false
    }
  }
  const known = contact.value
  if (!known) return <Cells title="居民联系方式"><Cell title={busy.value ? '正在取' : '查看联系方式'} desc="需要网络；会记下查看的时间和事由" onClick={() => void show()} /></Cells>
  return (
    <Cells title="居民联系方式" tips="已记下这次查看。请不要截图、转发。">
      <Facts>
        <Fact name="称呼">{known.name}</Fact>
        <Fact name="电话">{known.phone && <a class="contact__call" href={`tel:${known.phone}`}>{known.phone}（拨打）</a>}</Fact>
        <Fact name="门牌">{known.door}</Fact>
      </Facts>
    </Cells>
  )
}

async function askReason(): Promise<string | undefined> {
  const picked = await choose([...REASONS.map(words => ({ value: words, words })), { value: '', words: '其他事由' }], '为什么要查看？')
  return picked === '' ? prompt({ title: '查看事由', text: '请写明为什么要查看：', yes: '查看' }) : picked
}
