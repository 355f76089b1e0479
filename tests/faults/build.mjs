// Builds the suite's own module (phone.ts) or a whole app, with a guard taken out: `cuts` is a list of [file, old, new], and each must fit exactly once,
// so that a canary cannot fall silent because somebody moved the line it was about. Run by build.py in pwa/, where Vite is.
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const { build } = await import(pathToFileURL(resolve('node_modules/vite/dist/node/index.js')).href)
const { what, folder, cuts } = JSON.parse(process.argv[2])
mkdirSync(folder, { recursive: true })

const fitted = new Set()
const surgeon = {
  name: 'surgeon',
  enforce: 'pre',
  transform(code, id) {
    let text = code
    for (const [file, old, fresh] of cuts) {
      if (!id.endsWith(`/pwa/src/${file}`)) continue
      if (text.split(old).length !== 2) throw new Error(`${file} no longer holds exactly once: ${old}`)
      text = text.replace(old, () => fresh)
      fitted.add(old)
    }
    return text === code ? null : { code: text, map: null }
  },
}

const common = { logLevel: 'error', plugins: [surgeon] }
const suite = { lib: { entry: resolve('../tests/faults/phone.ts'), formats: ['es'], fileName: () => 'faults.js' }, outDir: folder, emptyOutDir: true, target: 'es2022', rolldownOptions: { output: { codeSplitting: false } } }
if (what === 'suite') await build({ ...common, configFile: false, publicDir: false, build: suite })
else {
  await build({ ...common, configFile: 'vite.config.ts', build: { outDir: folder, emptyOutDir: true } })
  const missed = cuts.filter(([, old]) => !fitted.has(old))
  if (missed.length) throw new Error(`not part of the app: ${missed.map(([file]) => file)}`)
}
