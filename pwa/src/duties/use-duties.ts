import { useComputed } from '@preact/signals'
import { useHeld, useLocal } from '../core/list'
import { laidOver, type Duty, type FulfilmentBody } from './duty'

/** What the own unit, branch or department owes, with this phone's own notes counted in; undefined until both are known. */
export function useDuties() {
  const server = useHeld('GET /api/duties')
  const local = useLocal<FulfilmentBody>('fulfilments')
  const voids = useLocal<object>('fulfilments-void')
  const notes = useComputed(() => local.value?.filter(one => !voids.value?.some(gone => gone.id === one.id)))
  const duties = useComputed<Duty[] | undefined>(() => server.data.value && notes.value && laidOver(server.data.value.items, server.asOf.value, notes.value))
  return { server, notes: notes.value ?? [], duties: duties.value }
}
