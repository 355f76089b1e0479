import { signal } from '@preact/signals'
import type { Routes } from './wire'

/** Who this tab works for. Every database, request and queue hangs on this one value. */
export type Person = Routes['GET /api/session']['out']
export type Role = 'secretary' | 'branch_lead' | 'sending_unit_officer' | 'host_officer' | 'organizer' | 'discipline_officer' | 'administrator'

export const person = signal<Person | null>(null)

export function is(...roles: Role[]): boolean {
  return person.value?.roles.some(role => (roles as string[]).includes(role)) ?? false
}
