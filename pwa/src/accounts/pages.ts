import type { Route } from '../core/router'
import { lazy } from '../core/ui'
import { SignInPage } from './sign-in'

const ActivationPage = lazy(() => import('./activation'))
const PasswordPage = lazy(() => import('./password'))
const AccountsPage = lazy(() => import('./accounts'))
const AccountPage = lazy(() => import('./account'))
const ADMINISTRATOR: Route['roles'] = ['administrator']

export const pages: Route[] = [
  { path: '/signin', page: SignInPage, open: true },
  { path: '/a/:code', page: ActivationPage, open: true },
  { path: '/me/password', page: PasswordPage, beside: '/me' },
  { path: '/accounts', page: AccountsPage, beside: '/me', roles: ADMINISTRATOR },
  { path: '/accounts/:id', page: AccountPage, beside: '/accounts', roles: ADMINISTRATOR },
]
