import { Icon, type IconName } from '../core/ui'
import type { Result } from './checkin'

const ICONS: Record<Result['kind'], IconName> = { wait: 'up', done: 'done', held: 'up', again: 'scan', refused: 'warn' }

/** Colour, icon and word together: none of them alone is enough for everybody. */
export function ResultCard({ result }: { result: Result }) {
  return (
    <div class={`result result_${result.kind}`} role="status" aria-live="assertive">
      <Icon name={ICONS[result.kind]} />
      <div><p class="result__title">{result.title}</p>{result.text && <p class="result__text">{result.text}</p>}</div>
    </div>
  )
}
