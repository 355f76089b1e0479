import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PurgeCSS } from 'purgecss'
import type { Plugin } from 'vite'

/** Of WeUI only the widgets that the kit uses. */
const WIDGETS = ['base/base', 'widget/weui-button/weui-button', 'widget/weui-cell/weui-cell', 'widget/weui-cell/weui-switch', 'widget/weui-tips/weui-actionsheet', 'widget/weui-tips/weui-dialog', 'widget/weui-tips/weui-mask']
const NAME = 'virtual:weui.css'
const END = '/*! ours */'

/** WeUI's sheets as one, `virtual:weui.css`. Each brings classes for every use and some nine hundred colour variables (four themes of every hue): what no source of ours
 * names is left out of the build, half of the sheet. It is done before the build, not on its result, so that the name of the finished file tells what is in it. */
export function weui(): Plugin {
  let [root, building] = ['', false]
  return {
    name: 'weui',
    configResolved(config) { [root, building] = [config.root, config.command === 'build'] },
    resolveId: id => id === NAME ? `\0${NAME}` : undefined,
    load: async id => id === `\0${NAME}` ? sheet(root, building) : undefined,
  }
}

async function sheet(root: string, building: boolean): Promise<string> {
  const whole = WIDGETS.map(name => read(root, `node_modules/weui/dist/style/${name}.min.css`)).join('\n')
  if (!building) return whole
  const ours = globSync('src/**/*.css', { cwd: root }).map(name => read(root, name)).join('\n') // reads variables of theirs
  const sources = globSync(['index.html', 'src/**/*.{ts,tsx}'], { cwd: root }).map(name => ({ raw: read(root, name), extension: 'ts' }))
  const [left] = await new PurgeCSS().purge({ css: [{ raw: whole + END + ours }], content: sources, variables: true })
  return left!.css.slice(0, left!.css.indexOf(END))
}

const read = (root: string, name: string) => readFileSync(join(root, name), 'utf8')
