import type { Route } from '../core/router'
import { lazy } from '../core/ui'

const SettingsPage = lazy(() => import('./settings'))
const WeComPage = lazy(async () => ({ default: (await import('./enter')).WeComPage }))
const MiniProgramPage = lazy(async () => ({ default: (await import('./enter')).MiniProgramPage }))

export const pages: Route[] = [
  { path: '/me/reminders', page: SettingsPage, beside: '/me' },
  { path: '/wecom', page: WeComPage, open: true },
  { path: '/wx', page: MiniProgramPage, open: true },
]
