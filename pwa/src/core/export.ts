import { longDay, time } from './dates'
import { withStore, type StoredDraft, type StoredPhoto, type StoredRecord } from './db'
import { unseal } from './seal'
import { person } from './person'
import { APP_VERSION } from './version'
import { zip, type ZipEntry } from './zip'
import { ASIDE } from './waiting'

/** 导出备份: the unsent work as it would be sent, the very strings and pictures, with an index that a person can read. For support, when nothing else helps. */
export async function exportUnsent(only?: string): Promise<Blob> {
  const who = person.value!.id
  const { records, photos, reasons, aside } = await unsent(who, only)
  const entries: ZipEntry[] = []
  const index: object[] = []
  const texts = await Promise.all(aside.map(one => unseal(who, one.value).catch(() => 'null'))) // what cannot be opened stops nothing else
  const pictures = new Map([...photos, ...await photosOf(who, aside, texts)].map(photo => [photo.id, photo]))
  for (const [i, record] of records.entries()) {
    const name = `记录/${String(i + 1).padStart(3, '0')}-${record.kind}-${record.id}.json`
    entries.push({ name, data: encode(await unseal(who, record.body)) })
    index.push({ file: name, path: record.path, digest: record.digest, if_match: record.if_match, made_at: record.made_at, words: record.words, problem: reasons.get(record.key) ?? null, photos: record.photos })
  }
  for (const [i, one] of aside.entries()) entries.push({ name: `留存/${one.key.slice(ASIDE.length).replaceAll('/', '-')}.json`, data: encode(texts[i]!) })
  for (const photo of pictures.values()) entries.push({ name: `照片/${photo.id}.jpg`, data: new Uint8Array(photo.data) })
  const text = [`红领通未上传记录备份`, `${person.value!.name} ${longDay(Date.now())} ${time(Date.now())}，版本 ${APP_VERSION}`, `记录 ${records.length} 条，照片 ${pictures.size} 张，留存 ${aside.length} 份`, '', ...index.map((one, i) => `${i + 1}. ${(one as StoredRecord).words}（${(one as StoredRecord).made_at}）${reasons.get(records[i]!.key) ?? ''}`)].join('\r\n')
  return zip([{ name: '说明.txt', data: encode(`\ufeff${text}`) }, { name: 'index.json', data: encode(JSON.stringify({ person: who, version: APP_VERSION, records: index }, null, 1)) }, ...entries])
}

async function unsent(who: string, only: string | undefined) {
  return withStore(who, async db => {
    const tx = db.transaction(['outbox', 'records', 'photos', 'drafts'])
    const rows = (await tx.objectStore('outbox').index('order').getAll()).filter(row => only === undefined || row.owner === only)
    const records: StoredRecord[] = []
    const photos: StoredPhoto[] = []
    for (const row of rows) {
      const photo = row.key.startsWith('/photos/') && await tx.objectStore('photos').get(row.key.slice('/photos/'.length))
      if (photo) photos.push(photo)
      const record = await tx.objectStore('records').get(row.key)
      if (record) records.push(record)
    }
    const aside = only === undefined ? (await tx.objectStore('drafts').getAll()).filter(draft => draft.key.startsWith(ASIDE)) : []
    return { records, photos, aside, reasons: new Map(rows.map(row => [row.key, row.problem?.title ?? row.last])) }
  })
}

/** What was kept aside with them, and what they list but their record still has to send. */
function photosOf(who: string, aside: StoredDraft[], texts: string[]): Promise<StoredPhoto[]> {
  return withStore(who, async db => {
    const found: (StoredPhoto | undefined)[] = []
    for (const [i, { key }] of aside.entries()) {
      found.push(...await db.getAllFromIndex('photos', 'owner', `draft:${key}`))
      for (const { id } of (JSON.parse(texts[i]!) as { photos?: { id: string }[] } | null)?.photos ?? []) found.push(await db.get('photos', id))
    }
    return found.filter(photo => photo !== undefined)
  })
}

/** Into the phone's own share sheet where there is one, else as a download. Which of the two a browser allows, only trying tells. */
export async function handOver(file: Blob, name: string): Promise<void> {
  const shared = new File([file], name, { type: file.type })
  if (/iPhone|iPad|Android/.test(navigator.userAgent) && navigator.canShare?.({ files: [shared] })) {
    try {
      return await navigator.share({ files: [shared], title: name })
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return
    }
  }
  const url = URL.createObjectURL(file)
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}
