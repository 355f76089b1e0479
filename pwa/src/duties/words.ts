import type { Duty } from './duty'

export const POST_WORDS: Record<string, string> = { principal: '主要负责同志', personnel: '分管干部人事', business: '分管业务' }
export const POSTS = (['principal', 'personnel', 'business'] as const).map(value => ({ value, words: POST_WORDS[value]! }))
export const LABEL_WORDS: Record<string, string> = { wrong_rank: '职务不符，不计入', outside_term: '有的不在任期内', late: '补记', offline: '离线记录', clock_wrong: '手机时间不准', time_odd: '时间待核对' }

/** 第四季度谈心谈话; what is owed once a term needs no period. */
export function titleOf(duty: Pick<Duty, 'period' | 'period_words' | 'title'>): string {
  return duty.period === 'term' ? duty.title : `${duty.period_words}${duty.title}`
}

/** 2026Q4 → 四季度, for the head of a narrow column. */
export function columnOf(period: string): string {
  return `${'一二三四'[Number(period.slice(-1)) - 1]}季度`
}

/** 2026-11 → 11月, 2026Q4 → 四季度, 2026H2 → 下半年, 2026 → 全年 */
export function periodOf(period: string): string {
  if (period.includes('Q')) return columnOf(period)
  if (period.includes('H')) return period.endsWith('1') ? '上半年' : '下半年'
  return period.includes('-') ? `${Number(period.slice(5))}月` : period === 'term' ? '任期' : '全年'
}
