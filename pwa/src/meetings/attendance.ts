import { useEffect } from 'preact/hooks'
import { ask, isObject, problemOf, Unreachable, urlOf } from '../core/api'
import { held, type Held } from '../core/list'
import type { Attendance } from './meeting'

const ROUTE = 'GET /api/meetings/{id}/attendance'
export const EVERY_MS = 3_000
const PATIENCE_MS = 8_000

const etags = new WeakMap<object, string>()

/** Who is expected and who is here, asked again every few seconds while it is looked at; mostly the answer is 304 and costs nothing. */
export function useAttendance(meetingId: string, when: boolean, everyMs = EVERY_MS): Held<Attendance> {
  const one = held(ROUTE, { path: { id: meetingId } })
  useEffect(() => {
    if (!when) return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    let here = true
    const round = async () => {
      if (!document.hidden) await (one.data.value ? look(one, meetingId) : one.refresh())
      if (here) timer = setTimeout(() => void round(), everyMs)
    }
    const atOnce = () => {
      clearTimeout(timer)
      void round()
    }
    void round()
    window.addEventListener('online', atOnce)
    return () => {
      here = false
      clearTimeout(timer)
      window.removeEventListener('online', atOnce)
    }
  }, [one, when, everyMs])
  return one
}

export async function look(one: Held<Attendance>, meetingId: string): Promise<void> {
  const asked = Date.now()
  try {
    const etag = etags.get(one)
    const { response, data } = await ask(urlOf(ROUTE, { id: meetingId }), { headers: etag ? { 'If-None-Match': etag } : {} }, PATIENCE_MS)
    if (response.status !== 304) {
      if (!response.ok || !isAttendance(data)) throw problemOf(response.status, data) ?? new Unreachable('服务器没有正常答复')
      one.data.value = data
      const fresh = response.headers.get('ETag')
      if (fresh) etags.set(one, fresh)
    }
    one.asOf.value = asked
    one.error.value = null
  } catch (error) {
    one.error.value = (error as Error).message
  }
}

function isAttendance(data: unknown): data is Attendance {
  return isObject(data) && Array.isArray(data.people) && Array.isArray(data.held)
}
