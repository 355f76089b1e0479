import { beforeEach, expect, test } from 'vitest'
import { withStore } from './db'
import { AUTOSAVE_MS, makeDraft } from './draft'
import { keepPhoto, work as atWork } from './photos'
import { save } from './save'
import { AN, signedIn, wipe } from './testing'

beforeEach(async () => {
  await wipe()
  await signedIn(AN)
})

test('a photo is named by its draft at once, and what was written before it is not written after it', async () => {
  const draft = makeDraft('visits/new', () => ({ said: '', photos: [] as object[] }), { sealed: true })
  const end = draft.start()
  await expect.poll(() => draft.ready.value).toBe(true)
  const [one, two] = [1, 2].map(bytes => ({ data: new ArrayBuffer(bytes), type: 'image/jpeg', digest: `p${bytes}`, bytes }))
  draft.set({ said: '楼道灯'.repeat(9999), photos: [await keepPhoto('visits/new', one!)] }) // takes longer to seal than the next
  draft.set({ said: '', photos: [await keepPhoto('visits/new', two!)] })
  await expect.poll(() => withStore(AN.id, db => db.get('drafts', 'visits/new')), { timeout: AUTOSAVE_MS / 2 }).toBeDefined()
  const again = makeDraft('visits/new', () => ({ said: '', photos: [] as object[] }), { sealed: true })
  const endAgain = again.start()
  await expect.poll(() => again.value.value.photos).toMatchObject([{ digest: 'p2' }])
  for (const each of [end, endAgain]) each()
})

test('a photo still being made small is not left out: the save says so and is done again', async () => {
  atWork('visits/new', 1)
  const body = { posting_id: 'p1', kind: 'household' as const }
  await expect(save('PUT /api/visits/{id}', { id: 'v1', draft: 'visits/new', body, words: '走访' })).rejects.toThrow('照片还在处理')
  atWork('visits/new', -1)
  await save('PUT /api/visits/{id}', { id: 'v1', draft: 'visits/new', body, words: '走访' })
})
