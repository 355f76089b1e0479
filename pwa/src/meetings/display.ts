import { useEffect } from 'preact/hooks'
import { announce } from '../core/bell'
import { useLocal, readLocal, type LocalRecord } from '../core/list'
import { uuid7 } from '../core/ids'
import { write } from '../core/db'
import { discard } from '../core/discard'
import { person } from '../core/person'
import { save } from '../core/save'
import { progressOf } from '../core/waiting'
import type { ScreenKey } from './code'
import { PATH, type Meeting } from './meeting'
import type { Receipt, Routes } from '../core/wire'

type DisplayReceipt = Routes['PUT /api/displays/{id}']['out']

export interface Display {
  /** All the screen needs; it stays with this device until the meeting is over. */
  key: ScreenKey | undefined
  /** By how much the server's clock was ahead when the key came, in ms: the only clock there is after a reload without network. */
  offsetMs: number | undefined
  /** Why there is no key, in Chinese. */
  problem: string | undefined
}

/** One key per meeting and device, asked for once and kept: a reload, another tab or a lost network never needs a second one. */
export function useDisplay(meeting: Meeting | undefined, earlier: string[]): Display {
  const local = useLocal<{ meeting_id: string }>('displays', meeting?.id ?? 'none')
  const none = local.value?.length === 0
  useEffect(() => { if (meeting && none) void askKey(meeting, earlier) }, [meeting?.id, none])
  const record = local.value?.[0]
  const receipt = record?.receipt as DisplayReceipt | null | undefined
  return { key: receipt?.key ? receipt : undefined, offsetMs: receipt ? offsetOf(record!) : undefined, problem: record && progressOf(record.path).row?.problem?.title }
}

/** Also asked for when the meeting is opened: then this device can show the screen in a hall without signal. */
export async function keepKey(meeting: Meeting, earlier: string[]): Promise<void> {
  if (!(await readLocal('displays', meeting.id)).length) await askKey(meeting, earlier)
}

function askKey(meeting: Meeting, earlier: string[]): Promise<unknown> {
  return save('PUT /api/displays/{id}', { id: uuid7(), about: meeting.id, after: [PATH(meeting.id), ...earlier], body: { meeting_id: meeting.id }, words: `大屏二维码 · ${meeting.title}` }).catch(() => undefined)
}

function offsetOf({ receipt, delivered_at }: LocalRecord<unknown>): number | undefined {
  return receipt && delivered_at ? Date.parse((receipt as Receipt).server_time) - delivered_at : undefined
}

/** The meeting is over, or the server refused: the key (or the refused wish) leaves this device. The record itself stays as long as any: a restored
 * server needs it, or no scan of that meeting would be believed. */
export async function forgetDisplays(meetingId: string): Promise<void> {
  const who = person.value?.id
  if (!who) return
  for (const { key, receipt } of await readLocal('displays', meetingId)) {
    if (!receipt) await discard(who, key)
    else await write(who, ['records'], async tx => {
      const record = await tx.objectStore('records').get(key)
      if (record?.receipt) await tx.objectStore('records').put({ ...record, receipt: { ...record.receipt, key: undefined } as typeof receipt })
    })
  }
  announce()
}
