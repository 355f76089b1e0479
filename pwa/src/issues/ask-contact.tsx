import { Unreachable } from '../core/api'
import { back } from '../core/router'
import { Button, Page } from '../core/ui'
import { PATH } from './issue'
import { reveal, type Contact } from './reveal'

export default function AskContact({ id, onKnown }: { id: string; onKnown: (contact: Contact) => void }) {
  const fetchIt = async () => {
    try {
      onKnown(await reveal(id, '更正登记内容'))
    } catch (error) {
      throw error instanceof Unreachable ? new Error('取联系方式需要网络，请连上网络后再更正') : error
    }
  }
  return (
    <Page title="更正问题" up={PATH(id)}>
      <p class="prose">这个问题留有居民联系方式，这台手机上没有。更正前要从服务器取来，会留下一条查看记录。</p>
      <div class="actions"><Button onClick={fetchIt}>取联系方式并更正</Button><Button kind="plain" onClick={() => back(PATH(id))}>返回</Button></div>
    </Page>
  )
}
