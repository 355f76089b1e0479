import { signal } from '@preact/signals'
import { expect, test, vi } from 'vitest'
import type { Code } from './code'
import { sentenceOf } from './lens'
import { makeJudge } from './scan'

const GOOD = 'HTTPS://X/Q/ABCDEFGHAFLG5UAABWWLOL6PNTR2RSXTS'

function judging() {
  const hint = signal('对准')
  const onFound = vi.fn<(code: Code) => Promise<void>>(async () => undefined)
  let now = 1_000
  return { hint, onFound, judge: makeJudge(hint, onFound, () => now), wait: (ms: number) => { now += ms } }
}

test('a hundred foreign codes do not stop the good one that follows', () => {
  const { hint, onFound, judge } = judging()
  for (let i = 0; i < 100; i++) judge(`https://example.com/${i}`)
  expect(hint.value).toBe('不是会议签到码，请对准会场屏幕上的二维码')
  expect(onFound).not.toHaveBeenCalled()
  judge(GOOD)
  expect(onFound).toHaveBeenCalledOnce()
})

test('one good code ends the scan: later frames of it change nothing', () => {
  const { onFound, judge, wait } = judging()
  judge(GOOD)
  wait(10_000)
  judge(GOOD)
  judge(GOOD.replace('ABCD', 'DCBA'))
  expect(onFound).toHaveBeenCalledOnce()
})

test.each([
  ['NotAllowedError', 'denied', /没有相机权限/],
  ['SecurityError', 'denied', /没有相机权限/],
  ['NotFoundError', 'none', /没有找到相机/],
  ['OverconstrainedError', 'none', /没有找到相机/],
  ['NotReadableError', 'busy', /正被别的应用占用/],
  ['AbortError', 'busy', /正被别的应用占用/],
  ['TypeError', 'none', /相机没有打开/],
])('%s has words that say what to do', (name, why, words) => {
  const said = sentenceOf(new DOMException('…', name))
  expect(said.why).toBe(why)
  expect(said.message).toMatch(words)
  expect(said.message).toMatch(/拍照识别|重试/)
})
