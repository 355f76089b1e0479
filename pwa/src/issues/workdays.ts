/** Which days are worked, from the same table the server counts by (config/workdays). A year whose notice is not out yet counts Monday to Friday; it never fails. */
interface Year { year: number; off: Record<string, string>; work: string[] }

const tables = import.meta.glob<{ default: Year }>('../../../config/workdays/*.json', { eager: true })
const years = new Map(Object.values(tables).map(({ default: table }) => [String(table.year), { off: table.off, work: new Set(table.work) }]))

/** Of a day as 2026-11-22. */
export function isWorkday(day: string): boolean {
  const year = years.get(day.slice(0, 4))
  if (year?.work.has(day)) return true
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return weekday !== 0 && weekday !== 6 && !(year && day in year.off)
}

/** Working days after `from` up to and with `to`; 0 when `to` is not later. */
export function workdaysBetween(from: string, to: string): number {
  let count = 0
  for (let day = nextDay(from); day <= to; day = nextDay(day)) if (isWorkday(day)) count += 1
  return count
}

function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
}
