import type { Route } from '../core/router'
import { lazy } from '../core/ui'

const HeldPage = lazy(() => import('./held'))

export const pages: Route[] = [{ path: '/held', page: HeldPage, beside: '/me', roles: ['organizer', 'branch_lead'] }]
