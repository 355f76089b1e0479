import { offset } from '../core/clock'
import { ago, dayTime } from '../core/dates'
import { readSetting, writeSetting } from '../core/db'
import { person } from '../core/person'
import { isInstalled } from '../core/pwa'
import { measure, room, safety, spaceLeft } from '../core/storage'
import { lastTrouble } from '../core/trouble'
import { APP_VERSION } from '../core/version'
import { known, noneWords, paused, waiting } from '../core/waiting'

/** `ok` is missing where there is nothing to be able to. */
export interface Finding { group: string; name: string; words: string; ok?: boolean }

/** What the sealing is worth, said as it is. */
export const SEAL_WORDS = '走访和民情（包括居民联系方式）的内容、没写完的这两种表单，在这台手机上加了锁：钥匙在浏览器里，取不出来，所以只拿到手机文件或备份的人看不到。照片、办理进展、会议和签到没有加锁；上面“内容加锁”一项不支持时，都没有加锁。加锁也防不住拿着已解锁手机的人，请给手机设锁屏密码，不把手机交给别人。'
  + '退出登录后，已送达的内容从本机删除；没有送达的封存在本机，只有本人登录后才能看到并上传。'

const BROWSERS: [RegExp, string][] = [[/wxwork\/([\d.]+)/i, '企业微信'], [/MicroMessenger\/([\d.]+)/i, '微信'], [/HuaweiBrowser\/([\d.]+)/i, '华为浏览器'], [/MiuiBrowser\/([\d.]+)/i, '小米浏览器'], [/UCBrowser\/([\d.]+)/i, 'UC 浏览器'],
  [/MQQBrowser\/([\d.]+)/i, 'QQ 浏览器'], [/EdgA?\/([\d.]+)/, 'Edge'], [/(?:Chrome|CriOS)\/([\d.]+)/, 'Chrome 内核'], [/Firefox\/([\d.]+)/, 'Firefox'], [/Version\/([\d.]+).*Safari/, 'Safari']]

export function browserOf(agent: string): string {
  for (const [pattern, name] of BROWSERS) {
    const version = pattern.exec(agent)?.[1]
    if (version) return `${name} ${version}`
  }
  return agent.slice(0, 80)
}

export function systemOf(agent: string): string {
  const found = /(?:Android|HarmonyOS|OpenHarmony|iPhone OS|CPU OS|Windows NT|Mac OS X)[ /]?[\d._]*/.exec(agent)?.[0]
  return found?.replace('CPU OS', 'iPad OS').replaceAll('_', '.') ?? '未知'
}

export async function look(): Promise<Finding[]> {
  return [...here(), ...await offline(), ...work(), ...await senses()]
}

function here(): Finding[] {
  const clock = offset.value
  const trouble = lastTrouble()
  return [
    { group: '这台手机', name: '应用版本', words: APP_VERSION },
    { group: '这台手机', name: '浏览器', words: browserOf(navigator.userAgent) },
    { group: '这台手机', name: '系统', words: systemOf(navigator.userAgent) },
    { group: '这台手机', name: '打开方式', words: isInstalled() ? '已添加到桌面' : '在浏览器里打开' },
    { group: '这台手机', name: '手机时间', words: clock ? `与服务器相差 ${Math.round(Math.abs(clock.ms) / 1000)} 秒（${ago(clock.measured_at)}核对）` : '还没有与服务器核对过', ...(clock ? { ok: Math.abs(clock.ms) < 120_000 } : {}) },
    { group: '这台手机', name: '最近一次出错', words: trouble ? `${dayTime(trouble.at)} ${trouble.words}` : '没有' },
  ]
}

async function offline(): Promise<Finding[]> {
  await measure()
  const worker = 'serviceWorker' in navigator
  const store = await tryStore()
  return [
    { group: '离线', name: '没有网络也能打开', words: !worker ? '这个浏览器不支持，已打开时照样可以填写' : navigator.serviceWorker.controller ? '已存到本机' : '支持，下次打开起生效', ok: worker },
    { group: '离线', name: '在本机保存', words: store, ok: store === '正常' },
    { group: '离线', name: '断电也不丢', words: typeof IDBTransaction !== 'undefined' && 'durability' in IDBTransaction.prototype ? '保存时写到磁盘' : '由系统决定何时写到磁盘', ok: typeof IDBTransaction !== 'undefined' && 'durability' in IDBTransaction.prototype },
    { group: '离线', name: '未上传的另存一份', words: 'storageBuckets' in navigator ? '与本机存储分开，损坏时能找回' : navigator.userAgent.includes('Chrome/') ? '浏览器版本旧，不支持' : '这个浏览器不需要' },
    { group: '离线', name: '多个窗口轮流上传', words: 'locks' in navigator ? '用浏览器的锁' : '用记录上的时间锁', ok: true },
    { group: '离线', name: '本机存储', words: `${safety()}，${spaceLeft()}`, ok: room.value.persisted === true },
    { group: '离线', name: '内容加锁', words: globalThis.crypto?.subtle ? '支持' : '不支持（不是安全网址）', ok: Boolean(globalThis.crypto?.subtle) },
  ]
}

async function tryStore(): Promise<string> {
  try {
    const now = Date.now()
    await writeSetting('diagnosis', now)
    return await readSetting<number>('diagnosis') === now ? '正常' : '写入后读不回来'
  } catch (error) {
    return `打不开（${(error as Error).name}）`
  }
}

function work(): Finding[] {
  const { count, attention, oldest } = waiting.value
  if (!person.value) return [{ group: '上传', name: '待上传', words: '登录后显示' }]
  return [
    { group: '上传', name: '待上传', words: count ? `${count} 条，最早 ${ago(oldest!)}` : noneWords.value, ok: count === 0 && known.value },
    { group: '上传', name: '需处理', words: attention ? `${attention} 条` : '没有', ok: attention === 0 },
    { group: '上传', name: '登录', words: paused.value ? '已过期，重新登录后继续上传' : '正常', ok: !paused.value },
    { group: '上传', name: '网络', words: navigator.onLine ? '浏览器认为有网络' : '浏览器认为没有网络', ok: navigator.onLine },
  ]
}

async function senses(): Promise<Finding[]> {
  const own = !('BarcodeDetector' in globalThis)
  const push = 'PushManager' in globalThis && 'Notification' in globalThis
  return [
    { group: '扫码、位置与通知', name: '摄像头', words: 'mediaDevices' in navigator ? await permission('camera') : '这个浏览器不能用摄像头，可请支部书记登记到会', ok: 'mediaDevices' in navigator },
    { group: '扫码、位置与通知', name: '识别二维码', words: own ? '用应用自带的识别' : '用浏览器的识别', ok: true },
    { group: '扫码、位置与通知', name: '位置（选用）', words: 'geolocation' in navigator ? await permission('geolocation') : '不支持，不影响保存', ok: 'geolocation' in navigator },
    { group: '扫码、位置与通知', name: '通知（选用）', words: push ? { granted: '已允许', denied: '已拒绝，提醒仍在“今天”里', default: '还没有问过' }[Notification.permission] : '不支持，提醒在“今天”里', ok: push },
  ]
}

async function permission(name: string): Promise<string> {
  try {
    const { state } = await navigator.permissions.query({ name: name as PermissionName })
    return { granted: '已允许', denied: '已拒绝，可在浏览器设置里打开', prompt: '用到时会询问' }[state]
  } catch {
    return '用到时会询问'
  }
}
