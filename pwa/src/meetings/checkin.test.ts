import { beforeEach, expect, test } from 'vitest'
import { withStore } from '../core/db'
import { forgetLists, held } from '../core/list'
import { person } from '../core/person'
import { AN, FakeServer, json, receipt, signedIn, wipe } from '../core/testing'
import { meetingOf, resultOf, saveScan } from './checkin'
import { readCode } from './code'

const CODE = readCode('ABCDEFGHAFLG5UAABWWLOL6PNTR2RSXTS')!
const MADE = '2026-11-22T01:02:03Z'
const told = (more: object = {}) => ({ made_at: MADE, receipt: { ...receipt('c', 'd'), already: false, at: '2026-11-22T01:02:05Z', ...more } })
const unsent = { made_at: MADE, receipt: null }
const problem = (type: string) => ({ type, title: '服务器的话', status: 422 })

test.each([
  ['only on this phone', unsent, { state: 'queued' as const }, 'wait', '已存本机，待送达'],
  ['on its way', unsent, { state: 'sending' as const }, 'wait', '已存本机，正在送达'],
  ['signed out meanwhile', unsent, { state: 'paused' as const }, 'wait', '已存本机，待送达'],
  ['counted', told(), { state: 'delivered' as const }, 'done', '您已签到 09:02'],
  ['counted before', told({ already: true, at: '2026-11-22T00:58:00Z' }), { state: 'delivered' as const }, 'done', '您已签到 08:58'],
  ['scanned without signal', told({ labels: ['offline'] }), { state: 'delivered' as const }, 'held', '已送达，09:02 签到'],
  ['held', told({ state: 'held', held_reason: '不在应到名单上' }), { state: 'delivered' as const }, 'held', '已收到，待确认'],
  ['the code had changed', unsent, { state: 'needs_attention' as const, problem: problem('code_expired') }, 'again', '二维码已刷新'],
  ['a forged code', unsent, { state: 'needs_attention' as const, problem: problem('bad_code') }, 'refused', '没有签到成功'],
])('%s: %s', (_, record, progress, kind, title) => {
  expect(resultOf(record, progress)).toMatchObject({ kind, title })
})

test('green is said only when the server has it', () => {
  const kinds = (['queued', 'sending', 'paused', 'needs_attention'] as const).map(state => resultOf(unsent, { state }).kind)
  expect(kinds).not.toContain('done')
})

test('a refusal says what else can be done', () => {
  expect(resultOf(unsent, { state: 'needs_attention', problem: problem('bad_code') }).text).toBe('服务器的话；可以再扫一次，或请支部书记登记到会')
})

beforeEach(async () => {
  await wipe()
  await signedIn(AN)
  forgetLists()
})

const body = async () => {
  const [record] = await withStore(AN.id, db => db.getAll('records'))
  return { ...record!, value: JSON.parse(record!.body as string) as Record<string, unknown> }
}

test('in airplane mode the meeting is found by the code among those seen before', async () => {
  const server = new FakeServer().install()
  server.plan = () => json(200, { items: [{ id: 'm1', title: '11月月例会', code: 'ABCDEFGH' }], next: null })
  await held('GET /api/meetings', { query: {} }).refresh()
  forgetLists()
  server.plan = () => 'lost'
  expect((await meetingOf(CODE))?.id).toBe('m1')
  await saveScan(CODE)
  const { value, about, words } = await body()
  expect(value).toMatchObject({ meeting_id: 'm1', way: 'scan', code: CODE.text, claim: null, person_id: null })
  expect([about, words]).toEqual(['m1', '签到 · 11月月例会'])
})

test('of a meeting nobody here has heard of the scan is kept all the same', async () => {
  new FakeServer().install().plan = () => 'lost'
  await saveScan(CODE)
  expect((await body()).value).toMatchObject({ meeting_id: null, code: CODE.text })
})

test('a claim goes with the scan and names the meeting', async () => {
  new FakeServer().install()
  await saveScan(CODE, { claim: 'secret', meeting: { id: 'm2', title: '观摩' } })
  expect((await body()).value).toMatchObject({ meeting_id: 'm2', claim: 'secret', code: CODE.text })
})

test('nobody signed in: nothing is kept under no name', async () => {
  person.value = null
  await expect(saveScan(CODE)).rejects.toThrow('请先登录')
})
