/** What may be left of a resident: the same judgement as the server's, so that it is said while the form is open and not a day later. */
export interface Told { what: string; more: string; place_words: string; name: string; phone: string; door: string; consent: boolean }

const MOBILE = /^1[3-9]\d{9}$/
const LANDLINE = /^(0\d{2,3}-?)?[2-9]\d{6,7}(-\d{1,6})?$/
const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const ID_CHECKS = '10X98765432'

/** What the switch agrees to, and what stands below it. */
export const CONSENT = '居民同意留下联系方式'
export const CONSENT_TIPS = '只用于办理和回复这件事，只有您本人看得到，每次查看都会留下记录；不会出现在列表、会议和报表里。'

export function faultOf(told: Told): string | undefined {
  if ([told.what, told.more, told.place_words, told.name, told.phone, told.door].some(holdsIdNumber)) return '这里不需要身份证号码，请删去后再保存'
  if (!isTelephone(told.phone)) return '电话号码不对，应为 11 位手机号或带区号的固定电话，可以留空'
  return hasContact(told) && !told.consent ? '请先征得居民同意，再留联系方式；或清空联系方式' : undefined
}

export function hasContact(told: Pick<Told, 'name' | 'phone' | 'door'>): boolean {
  return [told.name, told.phone, told.door].some(part => part.trim() !== '')
}

export function isTelephone(told: string): boolean {
  const plain = told.normalize('NFKC').replace(/\s/g, '')
  return plain === '' || MOBILE.test(plain.replaceAll('-', '').replace(/^\+86/, '')) || LANDLINE.test(plain)
}

/** Whether an ID-card number (GB 11643: a birthday and a right check digit) stands in the text, with or without gaps. */
export function holdsIdNumber(text: string): boolean {
  const plain = text.normalize('NFKC')
  const closed = plain.replace(/(\d)[\s-]+(?=[\dXx])/g, '$1')
  return [plain, closed].some(each => (each.match(/\d+[Xx]?/g) ?? []).some(isIdNumber))
}

function isIdNumber(digits: string): boolean {
  if (digits.length !== 18) return false
  const total = ID_WEIGHTS.reduce((sum, weight, i) => sum + weight * Number(digits[i]), 0)
  const [year, month, day] = [Number(digits.slice(6, 10)), Number(digits.slice(10, 12)), Number(digits.slice(12, 14))]
  return year >= 1850 && month >= 1 && month <= 12 && day >= 1 && day <= 31 && ID_CHECKS[total % 11] === digits[17]!.toUpperCase()
}
