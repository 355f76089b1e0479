import type { Route } from '../core/router'
import { lazy } from '../core/ui'

const AboutPage = lazy(() => import('./about'))
const FeedbackPage = lazy(() => import('./feedback'))
const DiagPage = lazy(() => import('./diag'))
const FeedbackListPage = lazy(() => import('./feedback-list'))

export const pages: Route[] = [
  { path: '/about', page: AboutPage, open: true },
  { path: '/diag', page: DiagPage, open: true },
  { path: '/feedback', page: FeedbackPage, open: true },
  { path: '/feedback/list', page: FeedbackListPage, beside: '/me', roles: ['administrator'] },
]
