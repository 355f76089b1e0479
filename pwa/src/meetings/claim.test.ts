import { beforeEach, expect, test, vi } from 'vitest'
import { ApiProblem, Unreachable } from '../core/api'
import { offset } from '../core/clock'
import { person } from '../core/person'
import { AN, FakeServer, json, problem, signedIn } from '../core/testing'
import { claimFor, dropClaim, keptClaim, leftOf } from './claim'

const CODE = 'ABCDEFGHAFLG5UAABWWLOL6PNTR2RSXTS'
const in5minutes = () => new Date(Date.now() + 300_000).toISOString()
const claim = () => ({ claim: 'secret', meeting: { id: 'm', title: '11月月例会' }, expires_at: in5minutes() })

beforeEach(async () => {
  offset.value = null
  person.value = null
  await dropClaim()
})

test('a code is asked of the server once, before anybody signs in, and outlives the sign-in page', async () => {
  const server = new FakeServer().install()
  server.plan = () => json(201, claim())
  expect((await claimFor(CODE)).claim).toBe('secret')
  server.plan = () => 'lost'
  await signedIn(AN) // the page was left for the sign-in page and comes back
  expect((await claimFor(CODE)).claim).toBe('secret')
  expect(server.arrived.map(one => [one.method, one.url])).toEqual([['POST', '/api/claims']])
  expect(JSON.parse(String(server.arrived[0]!.body))).toEqual({ code: CODE })
})

test('after five minutes, or for another code, there is none', async () => {
  new FakeServer().install().plan = () => json(201, claim())
  await claimFor(CODE)
  expect(await keptClaim('ZZZZ'.padEnd(33, 'A'))).toBeUndefined()
  vi.useFakeTimers({ now: Date.now() + 301_000, toFake: ['Date'] })
  expect(await keptClaim(CODE)).toBeUndefined()
  vi.useRealTimers()
})

test('once used it is gone', async () => {
  new FakeServer().install().plan = () => json(201, claim())
  await claimFor(CODE)
  await dropClaim()
  expect(await keptClaim(CODE)).toBeUndefined()
})

test('the server’s sentence, or that it cannot be reached, is passed on', async () => {
  const server = new FakeServer().install()
  server.plan = () => problem(422, 'code_expired', 'never')
  await expect(claimFor(CODE)).rejects.toBeInstanceOf(ApiProblem)
  server.plan = () => 'lost'
  await expect(claimFor(CODE)).rejects.toBeInstanceOf(Unreachable)
  expect(await keptClaim(CODE)).toBeUndefined()
})

test.each([[299_500, '4 分 59 秒'], [60_000, '1 分 0 秒'], [59_999, '59 秒'], [1_000, '1 秒'], [900, undefined], [-1, undefined]])('%i ms are left: %s', (ms, words) => {
  expect(leftOf({ ...claim(), server_time: '2026-11-22T00:00:00Z', expires_at: new Date(1_000_000 + ms).toISOString() }, 1_000_000)).toBe(words)
})
