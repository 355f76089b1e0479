/** A rough place, only when the person asked for it, only once: never a track. */
export interface Fix { latitude: number; longitude: number; accuracy: number; fixed_at: string; datum: 'wgs84' }

/** Its message is a Chinese sentence; the record saves without a place. */
export class NoPlace extends Error {}

const TRIES = 3
const ALL_MS = 20_000
const GOOD_ENOUGH_M = 30
const MOST_AGE_MS = 60_000

/** At most three single readings within 20 s, the most accurate is kept; 30 m is near enough to stop. */
export async function locate(now: () => number = Date.now): Promise<Fix> {
  if (!navigator.geolocation) throw new NoPlace('这台手机不能提供位置，可以不附位置保存')
  const end = now() + ALL_MS
  let best: Fix | undefined
  let problem: NoPlace | undefined
  for (let i = 0; i < TRIES && now() < end; i++) {
    try {
      const fix = await read(end - now())
      const fresh = now() - Date.parse(fix.fixed_at) <= MOST_AGE_MS
      if (fresh && (!best || fix.accuracy < best.accuracy)) best = fix
      if (best && best.accuracy <= GOOD_ENOUGH_M) break
    } catch (error) {
      problem = error as NoPlace
      if (problem instanceof Denied) break
    }
  }
  if (best) return best
  throw problem ?? new NoPlace('没有取到当前位置，可以不附位置保存')
}

class Denied extends NoPlace {}

function read(timeout: number): Promise<Fix> {
  return new Promise((resolve, reject) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords, timestamp }) => resolve({
        latitude: coords.latitude, longitude: coords.longitude, accuracy: Math.round(coords.accuracy), fixed_at: new Date(timestamp).toISOString(), datum: 'wgs84',
      }),
      error => reject(error.code === error.PERMISSION_DENIED
        ? new Denied('没有位置权限，可以不附位置保存；需要时在手机设置里允许')
        : new NoPlace('没有取到位置（室内信号弱），可以不附位置保存')),
      { enableHighAccuracy: true, maximumAge: 0, timeout: Math.max(timeout, 1) },
    )
  })
}
