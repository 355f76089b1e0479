import { pocket } from './pocket'

/** The last thing that went wrong on this phone, for the page 诊断; it stays here and is sent nowhere. */
export interface Trouble { words: string; at: string }

const KEY = 'hongling-trouble'
const MOST_CHARS = 300

export function startTrouble(): void {
  window.addEventListener('error', event => note(event.message))
  window.addEventListener('unhandledrejection', event => note(event.reason instanceof Error ? `${event.reason.name}: ${event.reason.message}` : String(event.reason)))
}

export function lastTrouble(): Trouble | undefined {
  return pocket.read<Trouble>(KEY)
}

function note(words: string): void {
  pocket.write(KEY, { words: words.slice(0, MOST_CHARS), at: new Date().toISOString() } satisfies Trouble)
}
