import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { build, type Plugin } from 'vite'

/** What the service worker keeps for offline use; a file whose hash is unchanged is not fetched again. */
export interface Shell {
  version: string
  files: [url: string, hash: string][]
}

/**
 * Builds `entry` as /sw.js, with the finished files in `__SHELL__`.
 * It runs after the page's build, because only then are all names and hashes known.
 */
export function shellWorker(entry: string): Plugin {
  let folder = 'dist'
  return {
    name: 'shell-worker',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir)
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      handler: async (error?: Error) => {
        if (!error) await buildWorker(entry, folder)
      },
    },
  }
}

async function buildWorker(entry: string, folder: string) {
  await build({
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    define: { __SHELL__: JSON.stringify(readShell(folder)) },
    build: {
      outDir: folder,
      emptyOutDir: false, // the page's files are already there
      target: 'es2022',
      rolldownOptions: { input: entry, output: { entryFileNames: 'sw.js', format: 'iife' } },
    },
  })
}

function readShell(folder: string): Shell {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile() && name !== 'sw.js')
    .sort()
  const files = names.map((name): Shell['files'][number] => [
    '/' + name.replaceAll('\\', '/'),
    shortHash(readFileSync(join(folder, name))),
  ])
  return { version: shortHash(JSON.stringify(files)), files }
}

function shortHash(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 12)
}
