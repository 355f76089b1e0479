import { computed, signal } from '@preact/signals'
import { dirty } from './draft'
import { go } from './router'

/** The service worker only makes the start quick and possible without signal. Nothing that is saved depends on it. */
const update = signal<(() => void) | null>(null)

/** 有新版本: offered only while no form holds unsaved work. */
export const newVersion = computed(() => dirty.value === 0 ? update.value : null)

/** Whether the app can start without signal here: null until it is known. */
export const opensOffline = signal<boolean | null>(null)

export type Installable = 'by_button' | 'ios_safari' | 'wechat' | null

interface InstallEvent extends Event { prompt(): Promise<void> }
const asked = signal<InstallEvent | null>(null)

/** How this browser lets a person put the app on the home screen, if it is not there yet. */
export const installable = computed<Installable>(() => {
  if (isInstalled()) return null
  if (asked.value) return 'by_button'
  const agent = navigator.userAgent
  if (/MicroMessenger/i.test(agent)) return 'wechat'
  return /iPhone|iPad/.test(agent) ? 'ios_safari' : null
})

export function startPwa(): void {
  window.addEventListener('beforeinstallprompt', event => {
    event.preventDefault()
    asked.value = event as InstallEvent
  })
  window.addEventListener('appinstalled', () => { asked.value = null })
  if (import.meta.env.DEV) return
  void start()
}

export async function install(): Promise<void> {
  const event = asked.value
  asked.value = null
  await event?.prompt()
}

async function start(): Promise<void> {
  try {
    await register()
    opensOffline.value = true
  } catch {
    opensOffline.value = 'serviceWorker' in navigator && navigator.serviceWorker.controller !== null
  }
}

async function register(): Promise<void> {
  const registration = await navigator.serviceWorker.register('/sw.js')
  let applying = false
  navigator.serviceWorker.addEventListener('controllerchange', () => { if (applying) location.reload() })
  const offer = () => {
    if (!registration.waiting || !navigator.serviceWorker.controller) return
    update.value = () => {
      applying = true
      registration.waiting?.postMessage('take_over')
    }
  }
  offer()
  registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', offer))
  navigator.serviceWorker.addEventListener('message', event => {
    const link = (event.data as { go?: string } | null)?.go
    if (link) go(link)
  })
  document.addEventListener('visibilitychange', () => { if (!document.hidden) void registration.update().catch(() => undefined) })
}

export function isInstalled(): boolean {
  return matchMedia('(display-mode: standalone)').matches || (navigator as { standalone?: boolean }).standalone === true
}
