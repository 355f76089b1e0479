/* Fills a phone's store as the first release laid it out. Written out here and never taken from today's code: that is what is being tested.
   Sealed bodies are sealed with a key of the same kind, as a key cannot leave a browser. */
async ([person, { records, photos, outbox, drafts }]) => {
  const promise = request => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = () => reject(request.error) })
  const asked = indexedDB.open(`hongling-${person}`, 1)
  asked.onupgradeneeded = () => {
    const db = asked.result
    const made = db.createObjectStore('records', { keyPath: 'key' })
    for (const name of ['path', 'id', 'kind', 'about']) made.createIndex(name, name)
    db.createObjectStore('photos', { keyPath: 'id' }).createIndex('owner', 'owner')
    const queue = db.createObjectStore('outbox', { keyPath: 'key' })
    queue.createIndex('order', 'order')
    queue.createIndex('owner', 'owner')
    for (const name of ['drafts', 'cache']) db.createObjectStore(name, { keyPath: 'key' })
    db.createObjectStore('meta')
  }
  const db = await promise(asked)
  const names = ['records', 'photos', 'outbox', 'drafts']
  const known = await promise(db.transaction('meta').objectStore('meta').get('seal-key'))
  const key = known ?? await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const seal = async text => {
    const iv = crypto.getRandomValues(new Uint8Array(12))
    return { iv, data: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode(text)) }
  }
  const sealed = await Promise.all(records.map(async ({ sealed, ...record }) => ({ ...record, body: sealed ? await seal(record.body) : record.body })))
  const pictures = photos.map(photo => ({ ...photo, data: Uint8Array.from(atob(photo.data), letter => letter.charCodeAt(0)).buffer }))
  const tx = db.transaction([...names, 'meta'], 'readwrite', { durability: 'strict' })
  const rows = { records: sealed, photos: pictures, outbox, drafts: drafts.filter(draft => typeof draft.value === 'string') }
  for (const name of names) for (const row of rows[name]) tx.objectStore(name).put(row)
  tx.objectStore('meta').put(key, 'seal-key')
  await new Promise((resolve, reject) => { tx.oncomplete = resolve; tx.onabort = () => reject(tx.error) })
  db.close()
}
