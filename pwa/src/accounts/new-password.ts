export const LEAST = 10

/** The sentence to show, or nothing when the new password will do. */
export function problemOf(password: string, repeat: string): string | undefined {
  if ([...password].length < LEAST) return `密码至少 ${LEAST} 位`
  return password === repeat ? undefined : '两遍输入的密码不一样'
}
