import type { Routes } from '../core/wire'

export type AccountBody = Routes['PUT /api/accounts/{id}']['body']
export type Role = AccountBody['roles'][number]

export const ROLE_WORDS: Record<Role, string> = {
  secretary: '红领书记', branch_lead: '支部书记', host_officer: '任职单位联系人', sending_unit_officer: '派出单位联络员', organizer: '组织部门', discipline_officer: '纪检监察', administrator: '系统管理员',
}
export const ROLES = Object.keys(ROLE_WORDS) as Role[]

export function roleWords(roles: string[]): string {
  return roles.map(role => ROLE_WORDS[role as Role] ?? role).join('、')
}

export interface Form { username: string; name: string; roles: Role[]; area_path: string; branch_id: string | null; host_unit_id: string | null; sending_unit_id: string | null; disabled: boolean }

/** The sentence to show, or nothing when the server may be asked. */
export function problemOf(form: Form): string | undefined {
  if (!form.name.trim()) return '请填写姓名'
  if (!/^[a-z][a-z0-9_.-]{1,39}$/.test(form.username)) return '账号用小写字母开头，可以有数字，2 到 40 个'
  if (!form.roles.length) return '请至少选一种身份'
  if (form.roles.includes('branch_lead') && !form.roles.includes('secretary')) return '支部书记同时也是红领书记，请一并选上'
  if (form.roles.includes('host_officer') && !form.host_unit_id) return '任职单位联系人要选任职单位'
  return form.roles.includes('sending_unit_officer') && !form.sending_unit_id ? '派出单位联络员要选派出单位' : undefined
}
