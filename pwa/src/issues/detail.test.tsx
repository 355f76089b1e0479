import { render } from 'preact'
import { beforeEach, expect, test } from 'vitest'
import { save } from '../core/save'
import { flush } from '../core/sender'
import { AN, FakeServer, signedIn, wipe } from '../core/testing'
import { IssuePage } from './detail'

beforeEach(async () => {
  await wipe()
  await signedIn(AN)
})

test('an issue that was handed over shows what this phone wrote down, and offers nothing more', async () => {
  const server = new FakeServer().install() // answers every GET with 404
  await save('PUT /api/issues/{id}', { id: 'i1', words: '民情', sealed: true, body: { posting_id: 'p1', visit_id: null, category: '0301', what: '停车难', more: '', place_words: '', contact: null, photos: [] } })
  const root = document.body.appendChild(document.createElement('div'))
  render(<IssuePage id="i1" />, root)
  await expect.poll(() => root.textContent).toContain('停车难')
  expect(root.textContent).toContain('记进展')
  await flush()
  expect(server.stored.has('/api/issues/i1')).toBe(true)
  await expect.poll(() => root.textContent).toContain('可能已移交接任的同志')
  expect(root.textContent).toContain('停车难')
  for (const untrue of ['记进展', '办结', '送达后显示', '没有找到']) expect(root.textContent).not.toContain(untrue)
  render(null, root)
  root.remove()
})
