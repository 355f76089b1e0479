import { held } from './core/list'
import { is, person } from './core/person'
import { keepRosters } from './meetings/keep'

/** What a person needs without signal is fetched while there is some: right after sign-in and at each start. */
export function startPrefetch(): void {
  person.subscribe(now => {
    if (now && is('secretary', 'branch_lead')) void prefetch()
    if (now && is('sending_unit_officer')) void prefetchDuties()
  })
}

async function prefetchDuties(): Promise<void> {
  for (const one of [held('GET /api/duties'), held('GET /api/unit-leaders'), held('GET /api/sending-units')]) await one.refresh()
}

async function prefetch(): Promise<void> {
  const wanted = [
    held('GET /api/categories'),
    held('GET /api/visits', { query: {} }),
    held('GET /api/issues', { query: { state: 'open' } }),
    held('GET /api/meetings', { query: {} }),
  ]
  for (const one of wanted) await one.refresh()
  await keepRosters()
}
