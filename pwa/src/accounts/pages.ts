import type { Route } from '../core/router'
import { ActivationPage } from './activation'
import { PasswordPage } from './password'
import { SignInPage } from './sign-in'

export const pages: Route[] = [
  { path: '/signin', page: SignInPage, open: true },
  { path: '/a/:code', page: ActivationPage, open: true },
  { path: '/me/password', page: PasswordPage, beside: '/me' },
]
