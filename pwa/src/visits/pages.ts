import type { Route } from '../core/router'
import { VisitFormPage } from './form'
import { VisitPage } from './detail'

const MINE: Route['roles'] = ['secretary', 'branch_lead']

export const pages: Route[] = [
  { path: '/visits/new', page: VisitFormPage, roles: MINE },
  { path: '/visits/:id/correct', page: VisitFormPage, roles: MINE },
  { path: '/visits/:id', page: VisitPage, beside: '/ledger/visits' },
]
