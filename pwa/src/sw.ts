declare const self: ServiceWorkerGlobalScope
declare const __SHELL__: { version: string; files: [url: string, hash: string][] }

/** Opens the app without signal: every built file by its hash, all or nothing, so that an update fetches only what changed. */
const PREFIX = 'shell-'
const CACHE = PREFIX + __SHELL__.version
const shell = new Map(__SHELL__.files)
const OLD_GENERATIONS = 1 // an open page of the version before may still ask for its parts

async function install(): Promise<void> {
  const fresh = await caches.open(CACHE)
  const olds = (await caches.keys()).filter(name => name.startsWith(PREFIX) && name !== CACHE)
  await Promise.all([...shell].map(async ([url, hash]) => {
    const key = `${url}?h=${hash}`
    for (const old of olds) {
      const known = await (await caches.open(old)).match(key)
      if (known) return fresh.put(key, known)
    }
    const answer = await fetch(url, { cache: 'reload' })
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`)
    // A redirected answer cannot serve a navigation: offline start would fail.
    return fresh.put(key, answer.redirected ? new Response(answer.body, { headers: answer.headers }) : answer)
  }))
}

async function dropOld(): Promise<void> {
  const olds = (await caches.keys()).filter(name => name.startsWith(PREFIX) && name !== CACHE)
  for (const name of olds.slice(0, -OLD_GENERATIONS)) await caches.delete(name)
}

async function cached(request: Request | string, url: string): Promise<Response> {
  const own = await (await caches.open(CACHE)).match(`${url}?h=${shell.get(url)}`)
  return own ?? fetch(request)
}

async function older(request: Request, url: string): Promise<Response> {
  return await caches.match(url, { ignoreSearch: true }) ?? fetch(request)
}

self.addEventListener('install', event => event.waitUntil(install()))
self.addEventListener('activate', event => event.waitUntil(dropOld()))
self.addEventListener('message', event => { if (event.data === 'take_over') void self.skipWaiting() })
self.addEventListener('fetch', event => {
  const { pathname, origin } = new URL(event.request.url)
  if (event.request.method !== 'GET' || origin !== self.location.origin || pathname.startsWith('/api/')) return
  if (event.request.mode === 'navigate') event.respondWith(cached('/index.html', '/index.html'))
  else if (shell.has(pathname)) event.respondWith(cached(event.request, pathname))
  else if (pathname.startsWith('/assets/')) event.respondWith(older(event.request, pathname))
})

const SEEN = 'bells'
const MOST_SEEN = 100

interface Bell { title: string; body: string; link: string; key: string }

/** A repeated push shows once: providers and our own worker may send one again after a kill. */
async function ring(bell: Bell): Promise<void> {
  const seen = await caches.open(SEEN)
  const name = `/bell/${bell.key}`
  if (await seen.match(name)) return
  await self.registration.showNotification(bell.title, { body: bell.body, tag: bell.key, lang: 'zh-CN', icon: '/icon-192.png', badge: '/icon-192.png', data: { link: bell.link } })
  await seen.put(name, new Response('')) // after it is shown: killed in between, the same tag takes its place
  const names = await seen.keys()
  for (const old of names.slice(0, -MOST_SEEN)) await seen.delete(old)
}

/** The app as it is, at the link; opened anew only where none is open. */
async function open(link: string): Promise<void> {
  const [page] = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  if (!page) return void await self.clients.openWindow(link)
  await page.focus()
  page.postMessage({ go: link })
}

self.addEventListener('push', event => {
  const bell = (() => { try { return event.data?.json() as Bell | undefined } catch { return undefined } })()
  if (bell?.key) event.waitUntil(ring(bell))
})
self.addEventListener('notificationclick', event => {
  event.notification.close()
  const link = (event.notification.data as { link?: string } | null)?.link ?? ''
  event.waitUntil(open(/^\/(?!\/)/.test(link) ? link : '/reminders'))
})

// Makes it a module, so that its names stay its own.
export type Shell = typeof __SHELL__
