import { useEffect } from 'preact/hooks'
import { call, type Item } from '../core/api'
import { listTime } from '../core/dates'
import { held } from '../core/list'
import { usePages } from '../core/pages'
import { go } from '../core/router'
import { Cell, Empty, Listing, Page, Tag } from '../core/ui'
import { showUnseen } from './badge'

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
  return (
    <Page title="提醒" up="/" onRefresh={pages.refresh}>
      <Listing pages={pages} empty={<Empty title="没有提醒" text="会议和快到期的民情会在这里提醒您" />} render={one => (
        <Cell key={one.id} title={<span class={one.seen ? 'seen' : ''}>{one.title}</span>} desc={one.body} time={listTime(one.at)} onClick={() => void follow(one)}>
          {one.expired ? <span class="tags"><Tag>已过</Tag></span> : !one.seen && <span class="tags"><Tag kind="red">未读</Tag></span>}
        </Cell>
      )} />
    </Page>
  )
}
