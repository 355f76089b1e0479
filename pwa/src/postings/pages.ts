import type { Route } from '../core/router'
import { lazy } from '../core/ui'

const PeoplePage = lazy(() => import('./people'))
const PostingsPage = lazy(() => import('./list'))
const PostingPage = lazy(() => import('./detail'))
const PostingFormPage = lazy(() => import('./form'))
const EndPostingPage = lazy(() => import('./end'))
const ORGANIZERS: Route['roles'] = ['organizer']
const READERS: Route['roles'] = ['organizer', 'host_officer', 'sending_unit_officer', 'branch_lead']

export const pages: Route[] = [
  { path: '/people', page: PeoplePage, beside: '/me', roles: READERS },
  { path: '/postings', page: PostingsPage, beside: '/me', roles: READERS },
  { path: '/postings/new', page: PostingFormPage, beside: '/postings', roles: ORGANIZERS },
  { path: '/postings/:id/correct', page: PostingFormPage, beside: '/postings', roles: ORGANIZERS },
  { path: '/postings/:id/end', page: EndPostingPage, beside: '/postings', roles: ORGANIZERS },
  { path: '/postings/:id', page: PostingPage, beside: '/postings', roles: READERS },
]
