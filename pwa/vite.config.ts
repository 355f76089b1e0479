import { defineConfig } from 'vitest/config'
import { brotli } from './brotli.ts'
import { generations } from './generations.ts'
import { shellWorker } from './shell-worker.ts'
import { weui } from './weui.ts'

export default defineConfig({
  plugins: [weui(), shellWorker('src/sw.ts'), generations(), brotli()],
  build: {
    target: 'es2022', // the oldest WeChat and Harmony web views that the phones in use have
    sourcemap: false,
    modulePreload: false, // the list of what each lazy page needs weighs more in the first load than it saves later
    // All of the first load in one file: cut where lazy pages share parts of it, it squeezes worse and takes more requests.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'app', tags: ['$initial'] }] } } },
  },
  worker: { format: 'es' },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['fake-indexeddb/auto'],
    env: { TZ: 'Asia/Shanghai' }, // the zone of the phones, whatever the machine's
    restoreMocks: true,
  },
})
