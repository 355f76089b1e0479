import { offset } from '../core/clock'

/** The server's time on a clock that only runs forward. The computer's own clock may be wrong or be set while the screen is up: after the first
 * measure it is not looked at again, only counted on from. */
export interface Steady { now(): number; stop(): void }

/** `guessMs`: by how much the server was ahead when last heard, for a start without network. */
export function steadyClock(guessMs = 0, { ticks = () => performance.now(), wall = () => Date.now() } = {}): Steady {
  let anchor = { server: wall() + guessMs, at: ticks() }
  const stop = offset.subscribe(measured => {
    // Just learned: the phone's clock and the tick are of one moment.
    if (measured) anchor = { server: wall() + measured.ms, at: ticks() }
  })
  return { now: () => anchor.server + (ticks() - anchor.at), stop }
}
