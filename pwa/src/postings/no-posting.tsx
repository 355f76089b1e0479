import { useEffect } from 'preact/hooks'
import { renew } from '../core/session'
import { Strip } from '../core/ui'
import { NO_POSTING } from './mine'

/** Said before anything is written in vain; and asked again, for a posting may have begun since the app was opened. */
export function NoPosting() {
  useEffect(() => void renew().catch(() => undefined), [])
  return <Strip kind="wait">{NO_POSTING}</Strip>
}
