import { useEffect, useRef } from 'preact/hooks'
import { announce } from '../core/bell'
import { discard } from '../core/discard'
import { held, readLocal, useLocal } from '../core/list'
import { person } from '../core/person'
import { go } from '../core/router'
import { Button, Loading } from '../core/ui'
import { progressOf } from '../core/waiting'
import { resultOf } from './checkin'
import { PATH, type CheckinBody } from './meeting'
import { ResultCard } from './result'

/** After the scan: amber while it is only on this phone, green with a second buzz when the server has it. */
export function ScanResult({ id, about, onAgain }: { id: string; about: string; onAgain: () => void }) {
  const local = useLocal<CheckinBody>('checkins', about)
  const record = local.value?.find(one => one.id === id)
  const { state, row } = progressOf(`/checkins/${id}`)
  const result = record && resultOf(record, { state, problem: row?.problem })
  const last = useRef('')
  useEffect(() => {
    if (result && result.kind !== last.current && result.kind !== 'wait') navigator.vibrate?.(result.kind === 'done' ? [40, 60, 40] : 300)
    last.current = result?.kind ?? ''
    if (result?.kind === 'done') void dropExpired(about)
  }, [result?.kind])
  const meetingId = record?.value.meeting_id ?? null
  const title = held('GET /api/meetings', { query: {} }).data.value?.items.find(one => one.id === meetingId)?.title
  // The person asks for another scan: what the server refused is of no use any more.
  const again = async () => {
    if (record && row?.problem) await discard(person.value!.id, record.key)
    announce()
    onAgain()
  }
  if (!result) return <Loading />
  const rescan = result.kind === 'again' || result.kind === 'refused'
  return (
    <div class="scan__result">
      {title && <p class="scan__meeting">{title}</p>}
      <ResultCard result={result} />
      <div class="actions">
        {rescan && <Button onClick={again}>再扫一次</Button>}
        <Button kind={rescan ? 'default' : 'primary'} onClick={() => go(meetingId ? PATH(meetingId) : '/', { replace: true })}>{meetingId && !rescan ? '查看会议' : '完成'}</Button>
      </div>
    </div>
  )
}

/** After a scan that counts, the earlier ones whose code had changed are of no use to anybody. */
async function dropExpired(about: string): Promise<void> {
  const me = person.value
  if (!me) return
  for (const record of await readLocal<CheckinBody>('checkins', about)) {
    if (record.value.way === 'scan' && progressOf(record.path).row?.problem?.type === 'code_expired') await discard(me.id, record.key)
  }
  announce()
}
