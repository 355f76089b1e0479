import { useEffect } from 'preact/hooks'
import { call, type Item } from '../core/api'
import { dayTime, listTime } from '../core/dates'
import { held } from '../core/list'
import { usePages } from '../core/pages'
import { go } from '../core/router'
import { BarButton, Cell, Empty, Listing, Page, Tag } from '../core/ui'
import { showUnseen } from './badge'
import { snooze } from './snooze'
import './reminders.css'

type Reminder = Item<'GET /api/reminders'>

/** The inbox is always right, whatever became of the bells. */
export function RemindersPage() {
  const pages = usePages('GET /api/reminders')
  const inbox = held('GET /api/reminders', { query: {} })
  useEffect(() => { if (inbox.data.value) showUnseen(inbox.data.value.unseen) }, [inbox.data.value])
  const follow = async (reminder: Reminder) => {
    if (!reminder.seen) void call('PUT /api/reminders/{id}/seen', { path: { id: reminder.id }, body: { seen: true } }).then(() => pages.refresh(), () => undefined)
    go(reminder.link)
  }
  const later = async (reminder: Reminder) => {
    if (await snooze(reminder)) await pages.refresh()
  }
  return (
    <Page title="提醒" up="/" right={<BarButton label="设置" onClick={() => go('/me/reminders')} />} onRefresh={pages.refresh}>
      <Listing pages={pages} empty={<Empty title="没有提醒" text="会议和快到期的民情会在这里提醒您" />} render={one => (
        <div key={one.id} class="inbox__row">
          <Cell title={<span class={one.seen ? 'seen' : ''}>{one.title}</span>} desc={one.body} time={listTime(one.at)} onClick={() => void follow(one)}>
            {one.expired ? <span class="tags"><Tag>已过</Tag></span> : one.snoozed_until ? <span class="tags"><Tag>{dayTime(one.snoozed_until)}再提醒</Tag></span> : !one.seen && <span class="tags"><Tag kind="red">未读</Tag></span>}
          </Cell>
          {!one.expired && <button type="button" class="link inbox__later" onClick={() => void later(one)}>稍后提醒</button>}
        </div>
      )} />
    </Page>
  )
}
