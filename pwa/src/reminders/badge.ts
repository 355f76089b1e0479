import { held } from '../core/list'
import { person } from '../core/person'
import { badges } from '../core/ui/shell'

interface AppBadge { setAppBadge?: (count: number) => Promise<void>; clearAppBadge?: () => Promise<void> }

/** The same number on the tab and on the icon of the home screen; the server counts. */
export function showUnseen(count: number): void {
  badges.value = { ...badges.value, today: count }
  const icon = navigator as AppBadge
  void (count ? icon.setAppBadge?.(count) : icon.clearAppBadge?.())?.catch(() => undefined)
}

const EVERY_MS = 5 * 60_000

/** Looks when the app is opened and now and then while it is in sight. */
export function watchReminders(): void {
  person.subscribe(now => now ? void look() : showUnseen(0))
  document.addEventListener('visibilitychange', () => void look())
  setInterval(() => void look(), EVERY_MS)
}

async function look(): Promise<void> {
  if (document.hidden || !person.value) return
  const inbox = held('GET /api/reminders', { query: {} })
  await inbox.refresh()
  if (inbox.data.value) showUnseen(inbox.data.value.unseen)
}
