import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import type { Plugin } from 'vite'

const TEXT = /\.(html|js|css|svg|json|webmanifest)$/
const WORTH_IT = 1024 // bytes; below that the headers weigh more than what is saved

/** Leaves a .br beside every text file: squeezed once here, harder than a server could per request. */
export function brotli(): Plugin {
  let folder = 'dist'
  return {
    name: 'brotli',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir)
    },
    closeBundle: {
      order: 'post',
      sequential: true, // after the service worker is written
      handler: (error?: Error) => {
        if (!error) squeezeAll(folder)
      },
    },
  }
}

function squeezeAll(folder: string) {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name)
    if (TEXT.test(name) && statSync(path).size >= WORTH_IT) {
      writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path)))
    }
  }
}
