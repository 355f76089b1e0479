import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { Unreachable } from '../core/api'
import { useHeld, useLocal } from '../core/list'
import { listedAgain } from '../core/photos'
import { back } from '../core/router'
import { Button, Loading, Page } from '../core/ui'
import { formOf, freshForm, PATH, type Detail, type Form, type IssueBody, type Opening } from './issue'
import { reveal, type Contact } from './reveal'

/** The form of an own issue, filled from this phone or from the server. A correction replaces the whole record, so a resident's contact that only
 * the server holds is fetched first: else it would be lost. */
export function Correction({ id, render }: { id: string; render: (opening: Opening) => ComponentChildren }) {
  const server = useHeld('GET /api/issues/{id}', { path: { id } })
  const photos = useHeld('GET /api/photos', { query: { record_id: id } })
  const local = useLocal<IssueBody>('issues', id)
  const contact = useSignal<Contact | null>(null)
  const record = local.value?.[0]
  const issue = server.data.value
  const mine = record && (!issue || record.delivered_at === null || issue.digest === record.digest)
  if (mine) return render({ draftKey: `issues/${id}`, id, correcting: record.digest, fresh: () => formOf(record.value) })
  const listed = listedAgain(issue?.photos ?? [], photos.data.value?.items)
  if (!local.value || !issue || !listed) {
    const error = server.error.value ?? photos.error.value
    return <Page title="更正问题" up={PATH(id)}>{error ? <p class="empty">{error}</p> : <Loading />}</Page>
  }
  if (issue.has_contact && !contact.value) return <AskContact id={id} onKnown={known => { contact.value = known }} />
  return render({ draftKey: `issues/${id}`, id, correcting: issue.digest, fresh: () => fromServer(issue, listed, contact.value) })
}

function fromServer(issue: Detail, photos: Form['photos'], contact: Contact | null): Form {
  const { posting_id, visit_id, category, what, more, place_words } = issue
  return freshForm({ posting_id, visit_id, category, what, more, place_words, photos, ...(contact ? { ...contact, consent: true } : {}) })
}

function AskContact({ id, onKnown }: { id: string; onKnown: (contact: Contact) => void }) {
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
