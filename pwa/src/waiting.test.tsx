import { render } from 'preact'
import { beforeEach, expect, test, vi } from 'vitest'
import { close } from './core/db'
import { save } from './core/save'
import { AN, FakeServer, signedIn, wipe } from './core/testing'
import { refresh } from './core/waiting'
import { Me } from './me'
import { Today } from './today'
import { WaitingPage } from './waiting'

beforeEach(async () => {
  await wipe()
  await signedIn(AN)
  new FakeServer().install().plan = () => 'lost'
})

/** As on an iPhone, long in the background. */
async function closed() {
  await close(AN.id)
  vi.spyOn(indexedDB, 'open').mockImplementation(() => { throw new DOMException('closed', 'UnknownError') })
}

test.each([['待上传', WaitingPage], ['我', Me], ['今天', Today]])('%s says that all is delivered only when the store was read', async (_, Shown) => {
  const root = document.body.appendChild(document.createElement('div'))
  await refresh()
  render(<Shown />, root)
  await expect.poll(() => root.textContent).toContain('都已送达')
  await closed()
  await refresh().catch(() => undefined)
  await expect.poll(() => root.textContent).toContain('暂时读不到本机记录')
  expect(root.textContent).not.toContain('都已送达')
  vi.restoreAllMocks()
  await save('PUT /api/visits/{id}', { id: 'v1', body: { posting_id: 'p1', kind: 'household' }, words: '走访' })
  await expect.poll(() => root.textContent).toContain('1 条')
  render(null, root)
  root.remove()
})
