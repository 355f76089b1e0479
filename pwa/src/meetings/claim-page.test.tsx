import { render } from 'preact'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { offset } from '../core/clock'
import { withStore } from '../core/db'
import { AN, FakeServer, json, problem, signedIn, wipe, type Reply } from '../core/testing'
import { dropClaim } from './claim'
import { ClaimPage } from './claim-page'

const CODE = 'ABCDEFGHAFLG5UAABWWLOL6PNTR2RSXTS'
const claimed = () => json(201, { claim: 'secret', meeting: { id: 'm', title: '11月月例会' }, expires_at: new Date(Date.now() + 300_000).toISOString() })
let root: HTMLElement

beforeEach(async () => {
  offset.value = null
  await wipe()
  await signedIn(null)
  await dropClaim()
  root = document.body.appendChild(document.createElement('div'))
})

afterEach(() => {
  render(null, root)
  root.remove()
})

const busy: [string, () => Reply, string][] = [
  ['too many at once', () => problem(429, 'too_many', 'later'), '服务器忙，请稍候'],
  ['503', () => problem(503, 'busy', 'later'), '服务器忙，请稍候'],
  ['a proxy’s 502', () => new Response('<html>', { status: 502 }), '服务器忙，请稍候'],
  ['no network', () => 'lost', '网络不通'],
]

test.each(busy)('%s says nothing about the code: it is tried again by itself', async (_, answer, title) => {
  const server = new FakeServer().install()
  server.plan = () => server.arrived.length > 1 ? claimed() : answer()
  render(<ClaimPage code={CODE} />, root)
  await expect.poll(() => root.textContent).toContain(title)
  expect(root.textContent).not.toContain('不是会议签到码')
  expect(root.textContent).toContain('再试一次')
  await expect.poll(() => root.textContent, { timeout: 3000 }).toContain('扫码成功：11月月例会')
})

test('the button does not wait', async () => {
  const server = new FakeServer().install()
  server.plan = () => server.arrived.length > 1 ? claimed() : problem(503, 'busy', 'later')
  render(<ClaimPage code={CODE} />, root)
  await expect.poll(() => root.textContent).toContain('再试一次')
  for (const button of root.querySelectorAll('button')) if (button.textContent === '再试一次') button.click()
  await expect.poll(() => root.textContent, { timeout: 900 }).toContain('扫码成功')
})

test('of somebody signed in the scan is kept meanwhile', async () => {
  await signedIn(AN)
  new FakeServer().install().plan = () => problem(503, 'busy', 'later')
  render(<ClaimPage code={CODE} />, root)
  await expect.poll(() => root.textContent).toContain('已存本机')
  expect(await withStore(AN.id, db => db.getAll('records'))).toMatchObject([{ kind: 'checkins' }])
})

test('a real refusal says so, and is not tried again', async () => {
  const server = new FakeServer().install()
  server.plan = () => problem(422, 'code_unknown', 'never')
  render(<ClaimPage code={CODE} />, root)
  await expect.poll(() => root.textContent).toContain('不是会议签到码')
  await new Promise(resolve => { setTimeout(resolve, 2000) })
  expect(server.arrived).toHaveLength(1)
  expect(root.textContent).not.toContain('再试一次')
})
