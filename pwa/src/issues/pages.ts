import type { Route } from '../core/router'
import { IssuePage } from './detail'
import { IssueFormPage } from './form'
import { StepPage } from './step'

const MINE: Route['roles'] = ['secretary', 'branch_lead']

export const pages: Route[] = [
  { path: '/issues/new', page: IssueFormPage, roles: MINE },
  { path: '/issues/:id/correct', page: IssueFormPage, roles: MINE },
  { path: '/issues/:id/step', page: StepPage, roles: MINE },
  { path: '/issues/:id', page: IssuePage, beside: '/ledger' },
]
