import { expect, test } from 'vitest'
import { backoff, BACKOFF_MOST_MS, judge, retryAfterMs } from './judge'
import { receipt } from './testing'

const SENT = { id: 'a', digest: 'd1' }
const says = (type: string, retry?: string, more: object = {}) => ({ type, title: `服务器说：${type}`, retry, ...more })

test.each([
  ['stored', 201, receipt('a', 'd1'), 'delivered'],
  ['a replay', 200, receipt('a', 'd1', { replayed: true }), 'delivered'],
  ['held', 202, receipt('a', 'd1', { state: 'held' }), 'delivered'],
  ['a receipt of another digest', 201, receipt('a', 'd2'), 'again'],
  ['a receipt of another record', 201, receipt('b', 'd1'), 'again'],
  ['a portal page with status 200', 200, undefined, 'again'],
  ['some other JSON with status 200', 200, { ok: true }, 'again'],
  ['nothing with 204', 204, undefined, 'again'],
  ['signed out', 401, says('sign_in', 'after_sign_in'), 'sign_in'],
  ['another person is signed in', 401, says('wrong_person', 'after_sign_in'), 'sign_in'],
  ['a bare 401, from a portal', 401, undefined, 'again'],
  ['a house set up under another name', 421, says('wrong_host', 'later'), 'again'],
  ['request timeout', 408, undefined, 'again'],
  ['too early', 425, undefined, 'again'],
  ['too many', 429, says('locked', 'later'), 'again'],
  ['broken', 500, says('broken', 'later'), 'again'],
  ['a gateway page', 502, undefined, 'again'],
  ['busy', 503, says('busy', 'later'), 'again'],
  ['the photo is not listed yet', 409, says('photo_unlisted', 'later'), 'again'],
  ['another body under this id', 409, says('digest_differs', 'never', { digest: 'd0' }), 'refused'],
  ['invalid', 422, says('invalid', 'never'), 'refused'],
  ['not theirs', 404, says('not_found', 'never'), 'refused'],
  ['foreign origin', 403, says('foreign_origin', 'later'), 'again'],
  ['too large', 413, says('too_large', 'never'), 'refused'],
  ['a proxy forbids, not the server', 403, undefined, 'again'],
  ['a proxy knows no such page', 404, '<html>', 'again'],
])('%s (%i) means %4$s', (_, status, data, verdict) => {
  expect(judge({ status, data, retryAfter: null }, SENT).is).toBe(verdict)
})

test('the reason shown to the person is the sentence of the server', () => {
  expect(judge({ status: 503, data: says('busy', 'later'), retryAfter: '7' }, SENT)).toEqual({ is: 'again', why: '服务器说：busy', afterMs: 7000, type: 'busy' })
})

test.each([
  [null, undefined], ['', undefined], ['soon', undefined], ['0', undefined], ['30', 30_000],
  ['Sun, 22 Nov 2026 08:00:10 GMT', 10_000], ['Sun, 22 Nov 2026 07:00:00 GMT', undefined], ['99999999', 3_600_000],
])('Retry-After %s is %s ms', (header, ms) => {
  expect(retryAfterMs(header, Date.parse('2026-11-22T08:00:00Z'))).toBe(ms)
})

const top = (tries: number) => backoff(tries, 0, () => 1)

test('backoff doubles from 2 s up to 5 min, with full jitter, and has no last try', () => {
  expect([1, 2, 3, 4].map(top)).toEqual([2000, 4000, 8000, 16_000])
  expect(top(9)).toBe(BACKOFF_MOST_MS)
  expect(top(100_000)).toBe(BACKOFF_MOST_MS)
  expect(backoff(5, 0, () => 0)).toBe(0)
})

test('backoff never comes before what the server asked for', () => {
  expect(backoff(1, 60_000, () => 0.5)).toBe(60_000)
})
