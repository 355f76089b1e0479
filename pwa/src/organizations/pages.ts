import type { Route } from '../core/router'
import { lazy } from '../core/ui'

const HostUnitsPage = lazy(() => import('./host-units'))
const BranchesPage = lazy(() => import('./branches'))
const SendingUnitsPage = lazy(() => import('./sending-units'))
const ORGANIZERS: Route['roles'] = ['organizer']

export const pages: Route[] = [
  { path: '/host-units', page: HostUnitsPage, beside: '/me', roles: ORGANIZERS },
  { path: '/branches', page: BranchesPage, beside: '/me', roles: ORGANIZERS },
  { path: '/sending-units', page: SendingUnitsPage, beside: '/me', roles: ORGANIZERS },
]
