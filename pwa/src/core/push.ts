/** Web Push of this browser. Asked for only after a tap; everything may hang or be missing, and then a sentence says what to do. */
const PATIENCE_MS = 10_000

export class NoPush extends Error {}

export function canPush(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window
}

/** The subscription as the server wants it: JSON with address and keys. */
export async function subscribe(vapidKey: string): Promise<string> {
  if (!canPush()) throw new NoPush('这个浏览器不能接收推送')
  if (await Notification.requestPermission() !== 'granted') throw new NoPush('没有得到通知权限，请在手机设置里允许后再试')
  const registration = await within(navigator.serviceWorker.ready)
  const known = await registration.pushManager.getSubscription()
  const subscription = known ?? await within(registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: vapidKey })).catch(error => { throw error instanceof NoPush ? error : new NoPush('手机连不上推送服务。国内安卓手机多半如此，请改用日历订阅、企业微信或短信') })
  return JSON.stringify(subscription.toJSON())
}

/** Whoever uses this phone next must not read the last one's reminders. Never fails. */
export async function forgetHere(): Promise<void> {
  try {
    if (!canPush()) return
    const registration = await navigator.serviceWorker.getRegistration()
    await (await registration?.pushManager.getSubscription())?.unsubscribe()
  } catch { /* nothing was subscribed */ }
}

function within<T>(work: Promise<T>): Promise<T> {
  const late = new Promise<never>((_, no) => { setTimeout(() => no(new NoPush('推送服务没有反应，请换个网络再试，或改用日历订阅')), PATIENCE_MS) })
  return Promise.race([work, late])
}
