import { expect, test } from 'vitest'
import type { Visit } from './visit'
import { beforeWords } from './words'

const NOW = Date.parse('2026-11-22T08:00:00Z')
const visit = (whom: string, made_at: string, voided = false) => ({ whom, made_at, voided }) as Visit

test.each([
  ['the last of several', [visit('3号楼 王阿姨', '2026-11-01T02:00:00Z'), visit('3号楼王阿姨', '2026-11-10T02:00:00Z')], '3号楼王阿姨', '上次走访 11月10日 周二'],
  ['within ten minutes it may be the same', [visit('3号楼', '2026-11-22T07:55:00Z')], '3号楼 ', '10 分钟内记过同一对象，可能重复；要记也可以照常保存'],
  ['taken back is not visited', [visit('3号楼', '2026-11-22T07:55:00Z', true)], '3号楼', undefined],
  ['somebody else', [visit('3号楼', '2026-11-22T07:55:00Z')], '4号楼', undefined],
  ['nobody yet', [visit('', '2026-11-22T07:55:00Z')], ' ', undefined],
])('%s', (_, visits, whom, words) => {
  expect(beforeWords(visits, whom, NOW)).toBe(words)
})
