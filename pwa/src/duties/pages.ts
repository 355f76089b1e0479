import type { Route } from '../core/router'
import { lazy } from '../core/ui'

const DutiesPage = lazy(() => import('./duties'))
const FulfilmentFormPage = lazy(() => import('./form'))
const FulfilmentsPage = lazy(() => import('./list'))
const FulfilmentPage = lazy(() => import('./detail'))
const LeadersPage = lazy(() => import('./leaders'))
const LeaderFormPage = lazy(() => import('./leader-form'))
const BoardPage = lazy(() => import('./board'))
const UnitBoardPage = lazy(() => import('./unit-board'))
const FulfilledPage = lazy(() => import('./fulfilled'))

const HOLDERS: Route['roles'] = ['sending_unit_officer', 'branch_lead', 'organizer']
const UNITS: Route['roles'] = ['sending_unit_officer', 'organizer']

export const pages: Route[] = [
  { path: '/duties', page: DutiesPage, roles: HOLDERS, beside: '/me' },
  { path: '/fulfilments', page: FulfilmentsPage, roles: HOLDERS, beside: '/me' },
  { path: '/fulfilments/new', page: FulfilmentFormPage, roles: HOLDERS },
  { path: '/fulfilments/:id/correct', page: FulfilmentFormPage, roles: HOLDERS },
  { path: '/fulfilments/:id', page: FulfilmentPage, roles: HOLDERS, beside: '/fulfilments' },
  { path: '/unit-leaders', page: LeadersPage, roles: UNITS, beside: '/me' },
  { path: '/unit-leaders/new', page: LeaderFormPage, roles: UNITS },
  { path: '/unit-leaders/:id', page: LeaderFormPage, roles: UNITS, beside: '/unit-leaders' },
  { path: '/duty-board', page: BoardPage, roles: ['organizer'], beside: '/me' },
  { path: '/duty-board/:id', page: UnitBoardPage, roles: ['organizer'], beside: '/duty-board' },
  { path: '/fulfilled', page: FulfilledPage, roles: ['secretary', 'branch_lead'], beside: '/me' },
]
