import { useHeld } from '../core/list'

/** Names of the city, its counties and zones by their paths. */
export function useAreaNames(): (path: string) => string {
  const areas = useHeld('GET /api/areas')
  const names = new Map((areas.data.value?.items ?? []).map(area => [area.path, area.name]))
  return path => names.get(path) ?? ''
}
