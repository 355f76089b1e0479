import type { Item } from '../core/api'
import { longDay } from '../core/dates'

export type Posting = Item<'GET /api/postings'>

/** Chinese for what the server names in codes. */
export const REASON_WORDS = { term: '任期届满', transfer: '工作调整', recall: '撤换召回', other: '其他' } as const
export type Reason = keyof typeof REASON_WORDS
export const REASONS = (Object.keys(REASON_WORDS) as Reason[]).map(value => ({ value, words: REASON_WORDS[value] }))
export const TIER_WORDS: Record<string, string> = { county: '县级', section: '科级', other: '其他' }

/** 2026年3月1日 起, or until when. Days, not moments: noon keeps them the same day everywhere. */
export function termOf({ start_on, end_on, ended_on }: Pick<Posting, 'start_on' | 'end_on' | 'ended_on'>): string {
  const until = ended_on ?? end_on
  return until ? `${day(start_on)} 至 ${day(until)}` : `${day(start_on)} 起`
}

export function day(date: string): string {
  return longDay(`${date}T12:00:00+08:00`)
}
