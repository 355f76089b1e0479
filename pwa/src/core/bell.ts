/** Words between the parts of the outbox and between tabs, so that none has to import the other. */
export type Reason = 'save' | 'start' | 'visible' | 'pageshow' | 'online' | 'timer' | 'sign_in' | 'by_hand'

const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('hongling')
const changed = new Set<(what: string) => void>()
let waker: (reason: Reason) => void = () => undefined

/** Something in the person's store changed: this tab and the others look again. */
export function announce(what: 'outbox' | 'session' = 'outbox'): void {
  for (const listener of changed) listener(what)
  channel?.postMessage(what)
}

export function onChange(listener: (what: string) => void): () => void {
  changed.add(listener)
  return () => changed.delete(listener)
}

channel?.addEventListener('message', event => {
  for (const listener of changed) listener(String(event.data))
})

/** There may be something to send. */
export function wake(reason: Reason): void {
  waker(reason)
}

export function onWake(sender: (reason: Reason) => void): void {
  waker = sender
}
