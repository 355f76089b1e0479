import type { Route } from '../core/router'
import { RemindersPage } from './inbox'

export const pages: Route[] = [{ path: '/reminders', page: RemindersPage, beside: '/me' }]
