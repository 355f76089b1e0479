import type { Route } from '../core/router'
import { AboutPage } from './about'
import { FeedbackPage } from './feedback'

export const pages: Route[] = [
  { path: '/about', page: AboutPage, open: true },
  { path: '/feedback', page: FeedbackPage, open: true },
]
