import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

const LIST = 'generations.json'

/** Names of hashed files: what the newest build made, and what the one before it had made. */
interface Generations { current: string[]; previous: string[] }

/**
 * Keeps the files of the build before beside the new ones, so that a page opened yesterday still finds its parts today.
 * Two generations, never more. It runs after the service worker was built: the worker keeps only the newest.
 */
export function generations(): Plugin {
  let folder = 'dist'
  let before: Generations = { current: [], previous: [] }
  const kept = new Map<string, Buffer>()
  return {
    name: 'generations',
    apply: 'build',
    configResolved(config) {
      folder = join(config.root, config.build.outDir)
    },
    buildStart() {
      before = readList(folder)
      for (const name of [...before.current, ...before.previous]) {
        const path = join(folder, 'assets', name)
        if (existsSync(path)) kept.set(name, readFileSync(path))
      }
    },
    closeBundle: {
      order: 'post',
      sequential: true,
      handler(error?: Error) {
        if (!error) writeList(folder, before, kept)
      },
    },
  }
}

function readList(folder: string): Generations {
  try {
    return JSON.parse(readFileSync(join(folder, LIST), 'utf8')) as Generations
  } catch {
    return { current: [], previous: [] }
  }
}

/** The same build twice is one generation: else the second would push the older one out. */
export function nextList(before: Generations, made: string[]): Generations {
  const same = made.length === before.current.length && made.every(name => before.current.includes(name))
  return { current: made, previous: same ? before.previous : before.current }
}

function writeList(folder: string, before: Generations, kept: Map<string, Buffer>) {
  const assets = join(folder, 'assets')
  mkdirSync(assets, { recursive: true })
  const next = nextList(before, readdirSync(assets).filter(name => !name.endsWith('.br')).sort())
  for (const name of next.previous) {
    const bytes = kept.get(name)
    if (bytes && !existsSync(join(assets, name))) writeFileSync(join(assets, name), bytes)
  }
  writeFileSync(join(folder, LIST), JSON.stringify(next))
}
