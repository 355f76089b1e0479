import { effect, signal } from '@preact/signals'

/** Of this phone, whoever is signed in; small enough for localStorage, so that the first paint is already right. */
const LARGE = 'hongling-large'

export const large = signal(false)

export function startSettings(): void {
  try { large.value = localStorage.getItem(LARGE) === '1' } catch { /* private windows may refuse */ }
  effect(() => {
    document.body.toggleAttribute('data-large', large.value)
    try { localStorage.setItem(LARGE, large.value ? '1' : '0') } catch { /* then for this visit only */ }
  })
}
