import { useSignal, type Signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { readLocal, useHeld, useLocal } from '../core/list'
import { person } from '../core/person'
import { go } from '../core/router'
import { Button, Empty, Loading, Page } from '../core/ui'
import { paused, progressOf } from '../core/waiting'
import { resultOf, saveScan } from './checkin'
import { claimFor, dropClaim, isRefusal, leftOf, type Claim } from './claim'
import { readCode, type Code } from './code'
import { PATH, type CheckinBody } from './meeting'
import { ResultCard } from './result'
import './meetings.css'

type Step =
  | { is: 'asking' }
  | { is: 'sign_in'; claim: Claim }
  | { is: 'saved'; id: string; about: string }
  | { is: 'failed'; title: string; text: string; again: boolean; busy?: boolean }

/** /Q/…: the screen's code scanned by the phone's own camera or by WeChat. */
export function ClaimPage({ code = '' }: { code?: string }) {
  const step = useSignal<Step>({ is: 'asking' })
  const tries = useRef(0)
  const found = readCode(code)
  useEffect(() => {
    if (found) void take(found, step)
    else step.value = BAD
  }, [code, person.value?.id])
  const now = step.value
  useEffect(() => {
    const wait = now.is === 'failed' && now.busy && WAITS_MS[tries.current++]
    if (!wait || !found) return undefined
    const timer = setTimeout(() => void take(found, step, true), wait * (0.8 + Math.random() * 0.4)) // a whole hall scans at once
    return () => clearTimeout(timer)
  }, [now])
  return (
    <Page title="会议签到" up="/">
      {now.is === 'asking' && <Loading text="正在核对签到码" />}
      {now.is === 'sign_in' && <SignInFirst claim={now.claim} code={code} onExpired={() => { step.value = EXPIRED }} />}
      {now.is === 'saved' && <Saved id={now.id} about={now.about} />}
      {now.is === 'failed' && <Empty title={now.title} text={now.text} action={<Failed again={now.again} onAgain={() => void (found && take(found, step))} />} />}
    </Page>
  )
}

/** Before each try that it makes by itself while the server is busy: a code is fresh for seconds only. */
const WAITS_MS = [1500, 3000, 6000]
const BAD: Step = { is: 'failed', title: '不是会议签到码', text: '请扫会场屏幕上的二维码', again: false }
const EXPIRED: Step = { is: 'failed', title: '这次扫码已过期', text: '扫码后 5 分钟内没有登录。请对准屏幕再扫一次', again: false }

async function take(code: Code, step: Signal<Step>, quiet?: boolean): Promise<void> {
  if (!quiet) step.value = { is: 'asking' }
  try {
    step.value = await next(code)
  } catch (error) {
    step.value = { is: 'failed', title: '没有签到成功', text: (error as Error).message, again: true }
  }
}

/** What comes after a scan: asked of the server first, whoever is signed in, because a code is fresh for seconds only. */
async function next(code: Code): Promise<Step> {
  const before = (await readLocal<CheckinBody>('checkins')).find(one => one.value.code === code.text)
  if (before) return { is: 'saved', id: before.id, about: before.about } // the page was loaded anew
  let claim: Claim | undefined
  try {
    claim = await claimFor(code.text)
  } catch (error) {
    if (isRefusal(error) && error.code === 'code_expired') return { is: 'failed', title: '二维码已刷新', text: '请对准屏幕再扫一次', again: false }
    if (isRefusal(error)) return { is: 'failed', title: '不是会议签到码', text: error.message, again: false }
    // Signed in, the scan is kept as without signal: it counts by its time.
    const { message } = error as Error
    if (!person.value) return { is: 'failed', title: message.startsWith('网络') ? message : '服务器忙，请稍候', text: '这台手机还没有登录，签到要先连上服务器。会自动再试几次，也可以请支部书记登记到会', again: true, busy: true }
  }
  if (!person.value) return { is: 'sign_in', claim: claim! }
  const record = await saveScan(code, claim)
  await dropClaim()
  return { is: 'saved', id: record.id, about: record.about }
}

function SignInFirst({ claim, code, onExpired }: { claim: Claim; code: string; onExpired: () => void }) {
  const left = useSignal(leftOf(claim))
  useEffect(() => {
    const timer = setInterval(() => {
      left.value = leftOf(claim)
      if (!left.value) onExpired()
    }, 1000)
    return () => clearInterval(timer)
  }, [claim])
  return <Empty title={`扫码成功：${claim.meeting.title}`} text={`请在 ${left.value ?? '0 秒'}内登录，登录后自动签到，不用再扫`} action={<Button onClick={() => go(`/signin?next=/Q/${code}`, { replace: true })}>登录并签到</Button>} />
}

function Saved({ id, about }: { id: string; about: string }) {
  const local = useLocal<CheckinBody>('checkins', about)
  const record = local.value?.find(one => one.id === id)
  const { state, row } = progressOf(`/checkins/${id}`)
  const known = useHeld('GET /api/meetings', { query: {} })
  if (!record) return <Loading />
  const meetingId = record.value.meeting_id
  const title = known.data.value?.items.find(one => one.id === meetingId)?.title
  const onward = meetingId ? PATH(meetingId) : '/'
  return <>
    {title && <h2 class="meeting__title">{title}</h2>}
    <ResultCard result={resultOf(record, { state, problem: row?.problem })} />
    <div class="actions">
      {paused.value && <Button onClick={() => go(`/signin?next=${onward}`)}>重新登录</Button>}
      <Button kind="default" onClick={() => go(onward, { replace: true })}>{meetingId ? '查看会议' : '完成'}</Button>
    </div>
  </>
}

function Failed({ again, onAgain }: { again: boolean; onAgain: () => void }) {
  return <>{again && <Button onClick={onAgain}>再试一次</Button>}{person.value && <Button kind={again ? 'default' : 'primary'} onClick={() => go('/scan', { replace: true })}>打开扫一扫</Button>}<Button kind="plain" onClick={() => go('/', { replace: true })}>回到首页</Button></>
}
