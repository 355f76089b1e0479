import { useSignal } from '@preact/signals'
import { time } from '../core/dates'
import { is } from '../core/person'
import { Cell, Cells, Mark, Search, Tag, toast } from '../core/ui'
import { decide, useDecided } from '../decisions/decide'
import { saveTick } from './checkin'
import type { Attendance, Expected, Meeting } from './meeting'
import { LABEL_WORDS, WAY_WORDS } from './words'

const SEARCH_FROM = 15

interface Shown { meeting: Meeting; attendance: Attendance; asOf: number | null; earlier: string[]; unsent: Map<string, string> }

/** Who is here and who is not, by name. The lead ticks and takes back with one tap, with or without signal. */
export function Roster({ meeting, attendance, asOf, earlier, unsent }: Shown) {
  const q = useSignal('')
  const found = attendance.people.filter(one => one.person.name.includes(q.value))
  const absent = found.filter(one => one.state === 'absent')
  const here = found.filter(one => one.state !== 'absent')
  const tick = async (who: Expected['person'], way: 'tick' | 'undo') => {
    try {
      await saveTick(meeting, who, way, earlier)
      toast(way === 'tick' ? `${who.name}同志已登记到会` : `已撤回${who.name}同志的登记`)
    } catch (error) {
      toast((error as Error).message, 'warn')
    }
  }
  const hosts = meeting.hosting && meeting.state === 'open'
  return <div class="roster">
    <div class="here" role="status"><Figure name="应到" value={attendance.expected} />{meeting.state !== 'planned' && <><Figure name="实到" value={attendance.present} /><Figure name="未到" value={attendance.expected - attendance.present} /></>}</div>
    {attendance.people.length >= SEARCH_FROM && <Search value="" onSearch={words => { q.value = words }} placeholder="找姓名" />}
    {attendance.held.length > 0 && <Held attendance={attendance} asOf={asOf} decides={meeting.hosting || is('organizer')} />}
    {absent.length > 0 && meeting.state !== 'cancelled' && <Cells title={meeting.state === 'planned' ? `应到 ${absent.length} 人` : `未到 ${absent.length} 人`}>
      {absent.map(one => <Row key={one.person.id} one={one} path={unsent.get(one.person.id)} action={hosts ? '登记' : undefined} onAct={() => void tick(one.person, 'tick')} />)}
    </Cells>}
    {here.length > 0 && <Cells title={`已到 ${here.length} 人`}>
      {here.map(one => <Row key={one.person.id} one={one} path={unsent.get(one.person.id)} action={!hosts ? undefined : one.state === 'provisional' ? '确认' : '撤回'} onAct={() => void tick(one.person, one.state === 'provisional' ? 'tick' : 'undo')} />)}
    </Cells>}
  </div>
}

function Figure({ name, value }: { name: string; value: number }) {
  return <span class="here__figure"><strong>{value}</strong>{name}</span>
}

/** `path`: a tick or undo that is still on this phone. */
function Row({ one, path, action, onAct }: { one: Expected; path: string | undefined; action: string | undefined; onAct: () => void }) {
  const desc = one.state === 'absent' ? undefined : `${one.at ? time(one.at) : ''} ${WAY_WORDS[one.way ?? ''] ?? ''}`
  return (
    <Cell title={one.person.name} desc={desc} value={action && <button type="button" class="small-button" aria-label={`${action}${one.person.name}`} onClick={onAct}>{action}</button>}>
      {(path || one.state === 'provisional' || one.labels.length > 0) && <span class="tags">{path && <Mark path={path} quiet />}{one.state === 'provisional' && <Tag kind="wait">待确认</Tag>}{one.labels.map(label => <Tag key={label}>{LABEL_WORDS[label] ?? label}</Tag>)}</span>}
    </Cell>
  )
}

/** Scans that do not count by themselves; the sentence says why, the lead decides, also after the meeting. */
function Held({ attendance, decides, asOf }: { attendance: Attendance; decides: boolean; asOf: number | null }) {
  const decided = useDecided(asOf)
  const waiting = attendance.held.filter(one => !decided.has(pathOf(one.checkin_id)))
  if (!waiting.length) return null
  return (
    <Cells title={`待确认 ${waiting.length} 条`}>
      {waiting.map(one => <Cell key={one.checkin_id} title={one.person.name} desc={`${time(one.at)} ${one.held_reason}`} {...(decides ? { onClick: () => void ask(one) } : {})} />)}
    </Cells>
  )
}

const ask = (one: Attendance['held'][number]) => decide({ path: pathOf(one.checkin_id), what: '签到', who: one.person.name, reason: one.held_reason, yes: '确认到会' })

const pathOf = (checkinId: string) => `/api/checkins/${checkinId}`
