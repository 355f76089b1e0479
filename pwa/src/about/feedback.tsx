import { useMemo } from 'preact/hooks'
import { useSignal } from '@preact/signals'
import { call } from '../core/api'
import { uuid7 } from '../core/ids'
import { back } from '../core/router'
import { Button, confirm, Page, TextArea, TextField, toast } from '../core/ui'

/** 投诉建议: anyone, without an account, without a name. */
export default function FeedbackPage() {
  const id = useMemo(() => uuid7(), [])
  const text = useSignal('')
  const contact = useSignal('')
  const submit = async () => {
    if (!text.value.trim()) return toast('请先写下您的意见')
    await call('PUT /api/feedback/{id}', { path: { id }, body: { text: text.value.trim(), contact: contact.value.trim() } })
    await confirm({ title: '已收到，谢谢', text: '您的意见由主办单位处理。', yes: '知道了', no: null })
    back('/about')
  }
  return (
    <Page title="投诉建议" up="/about">
      <div class="weui-cells">
        <TextArea label="意见或投诉" value={text.value} onChange={value => { text.value = value }} most={2000} rows={6} placeholder="请写下您遇到的问题或建议" />
        <TextField label="联系方式" value={contact.value} onChange={value => { contact.value = value }} most={100} placeholder="选填，需要回复时填写" />
      </div>
      <p class="weui-cells__tips">可以匿名。不会记录是谁写的。</p>
      <div class="actions"><Button onClick={submit}>提交</Button></div>
    </Page>
  )
}
