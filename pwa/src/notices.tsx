import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ago } from './core/dates'
import { onlyInWindow } from './core/draft'
import { person } from './core/person'
import { pocket } from './core/pocket'
import { installable, newVersion, opensOffline } from './core/pwa'
import { go } from './core/router'
import { isTight, mayKeepPhotos } from './core/storage'
import { confirm, Strip } from './core/ui'
import { paused, waiting } from './core/waiting'
import { INSTALL_WORDS } from './me'

const DAY_MS = 86_400_000
const QUIET_MS = 1_500 // what leaves at once needs no line
const SEEN = 'hongling-no-worker'

/** Above every page, only what needs a decision; on the tabs also what is still unsent. */
export function Notices({ open, tab }: { open: boolean; tab: boolean }) {
  return <>
    {newVersion.value && <Strip kind="info" onClick={newVersion.value}>有新版本，点这里更新</Strip>}
    {paused.value && person.value && !open && <Strip kind="wait" onClick={() => go('/signin')}>登录已过期，记录都在本机；点这里重新登录后上传</Strip>}
    {onlyInWindow.value && <Strip kind="bad">手机存储暂时打不开，文字只留在这个窗口里：请不要关闭，稍后再点一次保存</Strip>}
    {person.value && tab && <>
      <Unsent />
      {isTight() && <Strip kind={mayKeepPhotos() ? 'wait' : 'bad'} onClick={() => go('/diag')}>{mayKeepPhotos() ? '手机存储空间不多了，请清理一下' : '手机存储空间快满了：文字仍能保存，暂不能加照片'}</Strip>}
      <NoWorker />
    </>}
  </>
}

/** 待上传 n · 最早 …, in sight wherever the person goes; after a day it is said louder. */
function Unsent() {
  const { count, attention, oldest } = waiting.value
  const late = useSignal(false)
  useEffect(() => {
    late.value = false
    if (!count) return undefined
    const timer = setTimeout(() => { late.value = true }, QUIET_MS)
    return () => clearTimeout(timer)
  }, [count > 0])
  if (!count || !oldest || !late.value) return null
  const old = isOld(oldest)
  const words = attention ? `${attention} 条需处理，` : old ? '超过 24 小时还没传上去，' : ''
  return <>
    <Strip kind={attention || old ? 'bad' : 'wait'} onClick={() => go('/me/waiting')}>{words}待上传 {count} 条 · 最早 {ago(oldest)}</Strip>
    {installable.value === 'ios_safari' && <Strip kind="wait" onClick={() => void how('ios_safari')}>请添加到主屏幕：7 天不打开，苹果手机可能清掉还没上传的记录</Strip>}
  </>
}

const isOld = (when: string) => Date.now() - Date.parse(when) >= DAY_MS

/** Said once: here the app cannot start without signal, everything else works. */
function NoWorker() {
  const seen = useSignal(pocket.read<boolean>(SEEN) === true)
  if (seen.value || opensOffline.value !== false) return null
  const read = async () => {
    pocket.write(SEEN, true)
    seen.value = true
    await how(installable.value === 'ios_safari' || installable.value === 'wechat' ? installable.value : 'other')
  }
  return <Strip kind="info" onClick={() => void read()}>当前环境不能离线打开，可离线填写</Strip>
}

const how = (way: keyof typeof INSTALL_WORDS) => confirm({ title: '添加到桌面', text: INSTALL_WORDS[way], yes: '知道了', no: null })
