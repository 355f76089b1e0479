/** localStorage that never throws: private windows may refuse it, and nothing that matters may depend on it. */
export const pocket = {
  read<T>(key: string): T | undefined {
    try {
      const text = localStorage.getItem(key)
      return text === null ? undefined : JSON.parse(text) as T
    } catch {
      return undefined
    }
  },
  write(key: string, value: unknown): void {
    try { localStorage.setItem(key, JSON.stringify(value)) } catch { /* then it is not remembered */ }
  },
  drop(key: string): void {
    try { localStorage.removeItem(key) } catch { /* nor forgotten */ }
  },
  keys(prefix: string): string[] {
    try { return Object.keys(localStorage).filter(key => key.startsWith(prefix)) } catch { return [] }
  },
}
