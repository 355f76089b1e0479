import type { Route } from '../core/router'
import { lazy } from '../core/ui'
import { ClaimPage } from './claim-page' // at once: a code from outside lives for seconds
import { MeetingPage } from './detail'

const MeetingFormPage = lazy(() => import('./form'))
const ScanPage = lazy(() => import('./scan'))
const ScreenPage = lazy(() => import('./screen'))

export const pages: Route[] = [
  { path: '/Q/:code', page: ClaimPage, open: true },
  { path: '/scan', page: ScanPage, bare: true },
  { path: '/meetings/new', page: MeetingFormPage, roles: ['branch_lead'] },
  { path: '/meetings/:id/correct', page: MeetingFormPage, roles: ['branch_lead'] },
  { path: '/meetings/:id/screen', page: ScreenPage, bare: true, roles: ['branch_lead'] },
  { path: '/meetings/:id', page: MeetingPage, beside: '/meetings' },
]
