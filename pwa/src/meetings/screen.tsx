import { useSignal, type ReadonlySignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { call } from '../core/api'
import { time } from '../core/dates'
import { progressOf } from '../core/waiting'
import { back } from '../core/router'
import { useAttendance } from './attendance'
import { linkFor, openKey, slotAt, type ScreenKey } from './code'
import { forgetDisplays, useDisplay } from './display'
import { fresher, PATH, withCheckins, type Attendance, type Meeting } from './meeting'
import { QrPicture } from './qr-picture'
import { steadyClock } from './steady'
import { isRefused, useMeeting } from './use-meeting'
import { spanOf } from './words'
import './screen.css'

const TICK_MS = 200
const MEASURE_MS = 60_000 // the clock is measured anew now and then: a computer that slept stands behind
const ALONE_MS = 30_000
const LAST = 5

/** The big screen at the door: a code that changes, and who is here. Once it has its key it goes on without network. */
export default function ScreenPage({ id = '' }: { id?: string }) {
  const found = useMeeting(id)
  const { meeting } = found
  const display = useDisplay(meeting, found.actions.map(one => one.path))
  const one = useAttendance(id, meeting !== undefined && meeting.received_at !== '')
  useWakeLock()
  useEffect(() => { document.title = '会议签到 · 红领通' }, [])
  const attendance = one.data.value && withCheckins(one.data.value, fresher(found.checkins, one.asOf.value, isRefused))
  const over = meeting?.state === 'closed' || meeting?.state === 'cancelled'
  return (
    <div class="screen">
      <header class="screen__head">
        <div><h1>{meeting?.title ?? '会议签到'}</h1><p>{meeting && [spanOf(meeting), meeting.place_words].filter(Boolean).join(' · ')}</p></div>
        <div class="screen__tools"><button type="button" onClick={toggleFull}>全屏</button><button type="button" onClick={() => back(PATH(id))}>退出</button></div>
      </header>
      <Banner asOf={one.asOf.value} error={one.error.value} known={display.key !== undefined} />
      <section class="screen__body">
        <div class="screen__code">
          {over ? <p class="screen__words">会议已结束，不再签到</p> : display.key ? <Rotating screen={display.key} offsetMs={display.offsetMs} /> : <NoKey id={id} display={display} meeting={meeting} />}
        </div>
        <Side attendance={attendance} meeting={meeting} />
      </section>
    </div>
  )
}

function NoKey({ id, display, meeting }: { id: string; display: ReturnType<typeof useDisplay>; meeting: Meeting | undefined }) {
  const waits = progressOf(PATH(id)).state !== 'delivered' ? '会议还没有送达服务器，' : ''
  if (display.problem) return <div class="screen__words" role="alert"><p>{display.problem}</p><button type="button" onClick={() => void forgetDisplays(id)}>重试</button></div>
  return <p class="screen__words" role="status">{meeting ? `${waits}正在取二维码，第一次显示需要网络` : '正在加载'}</p>
}

/** The old code stays until the next is ready and is swapped in one frame. */
function Rotating({ screen, offsetMs }: { screen: ScreenKey; offsetMs: number | undefined }) {
  const shown = useRotation(screen, offsetMs)
  const { link, left } = shown.value
  if (link === null) return <p class="screen__words" role="alert">这里不能生成二维码：请用 https 网址打开这一页</p>
  if (!link) return null
  return <>
    <QrPicture text={link} />
    <p class="screen__left"><span class="screen__bar" aria-hidden="true"><span style={{ width: `${Math.min(100, (left / screen.slot_seconds) * 100)}%` }} /></span>{Math.ceil(left)} 秒后更换</p>
  </>
}

interface Shown { link: string | null; left: number }

function useRotation(screen: ScreenKey, offsetMs: number | undefined): ReadonlySignal<Shown> {
  const shown = useSignal<Shown>({ link: '', left: 0 })
  useEffect(() => {
    if (!globalThis.crypto?.subtle) {
      shown.value = { link: null, left: 0 }
      return undefined
    }
    const clock = steadyClock(offsetMs)
    const opened = openKey(screen)
    const links = new Map<number, string>()
    const draw = async () => {
      const now = clock.now()
      const slot = slotAt(now, screen)
      const key = await opened
      // One ahead, so that the change itself needs no work.
      for (const each of [slot, slot + 1]) if (!links.has(each)) links.set(each, await linkFor(each, screen, key))
      for (const each of links.keys()) if (each < slot) links.delete(each)
      shown.value = { link: links.get(slot)!, left: screen.slot_seconds - (now / 1000) % screen.slot_seconds }
    }
    const measure = () => void call('GET /api/session').catch(() => undefined)
    measure()
    void draw()
    const timers = [setInterval(() => void draw(), TICK_MS), setInterval(measure, MEASURE_MS)]
    document.addEventListener('visibilitychange', measure)
    return () => {
      clock.stop()
      for (const timer of timers) clearInterval(timer)
      document.removeEventListener('visibilitychange', measure)
    }
  }, [screen.key, screen.display])
  return shown
}

/** Nothing while the server answers; after half a minute alone it says that signing in goes on. */
function Banner({ asOf, error, known }: { asOf: number | null; error: string | null; known: boolean }) {
  const late = useSignal(false)
  useEffect(() => {
    late.value = false
    const timer = setTimeout(() => { late.value = true }, ALONE_MS)
    return () => clearTimeout(timer)
  }, [asOf])
  if (!known || !(late.value || (error && asOf === null))) return null
  return <p class="screen__alone" role="status">离线展示中，签到照常{asOf ? `；名单截至 ${time(asOf)}` : ''}</p>
}

function Side({ attendance, meeting }: { attendance: Attendance | undefined; meeting: Meeting | undefined }) {
  const last = useMemo(() => lastOf(attendance), [attendance])
  const expected = attendance?.expected ?? meeting?.expected
  return (
    <aside class="screen__side">
      <dl class="screen__figures"><div><dt>应到</dt><dd>{expected ?? '–'}</dd></div><div><dt>实到</dt><dd><span role="status">{attendance?.present ?? meeting?.present ?? '–'}</span></dd></div></dl>
      <ol class="screen__last" aria-label="最近签到">{last.map(one => <li key={one.id}><span>{one.name}</span><span>{one.at}</span></li>)}</ol>
      <p class="screen__how">打开红领通 → 扫一扫<br />也可用微信或手机相机扫码</p>
    </aside>
  )
}

/** The five who came last: a greeting at the door, nothing more. */
export function lastOf(attendance: Attendance | undefined): { id: string; name: string; at: string }[] {
  const here = (attendance?.people ?? []).filter(one => one.at !== null && one.state !== 'absent')
  return here.sort((a, b) => Date.parse(b.at!) - Date.parse(a.at!)).slice(0, LAST).map(one => ({ id: one.person.id, name: one.person.name, at: time(one.at!) }))
}

function toggleFull(): void {
  if (document.fullscreenElement) void document.exitFullscreen()
  else void document.documentElement.requestFullscreen?.().catch(() => undefined)
}

/** A projector must not go dark; the lock is lost whenever the page is hidden. */
function useWakeLock(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined
    const hold = async () => {
      if (!document.hidden) lock = await navigator.wakeLock?.request('screen').catch(() => undefined)
    }
    void hold()
    document.addEventListener('visibilitychange', hold)
    return () => {
      document.removeEventListener('visibilitychange', hold)
      void lock?.release().catch(() => undefined)
    }
  }, [])
}
