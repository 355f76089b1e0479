import type { Route } from '../core/router'
import { lazy } from '../core/ui'

const SystemPage = lazy(() => import('./system'))
const DeliveriesPage = lazy(() => import('./deliveries'))

export const pages: Route[] = [
  { path: '/system', page: SystemPage, roles: ['administrator'], beside: '/me' },
  { path: '/system/deliveries', page: DeliveriesPage, roles: ['administrator'], beside: '/me' },
]
