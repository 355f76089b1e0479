import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useHeld, useLocal } from '../core/list'
import { listedAgain } from '../core/photos'
import { lazy, Loading, Page } from '../core/ui'
import { formOf, freshForm, PATH, type Detail, type Form, type IssueBody, type Opening } from './issue'
import type { Contact } from './reveal'

const AskContact = lazy(() => import('./ask-contact')) // needs a network anyway

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
