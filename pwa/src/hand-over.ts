import { toInput } from './core/dates'
import { confirm, toast } from './core/ui'

/** The file holds what residents told in confidence, in plain words: said before it is made. */
export async function exportThem(only?: string): Promise<void> {
  if (!await confirm({ title: '导出备份', text: '文件里有记录和照片的原文，可能包含居民的联系方式。只交给本单位的技术支持，用完请删除。', yes: '导出' })) return
  try {
    const { exportUnsent, handOver } = await import('./core/export')
    await handOver(await exportUnsent(only), `红领通备份-${toInput(Date.now()).replace('T', '-').replace(':', '')}.zip`)
    toast('备份已导出', 'done')
  } catch {
    toast('没有导出成功，请连上网络后再试；记录仍在本机', 'warn')
  }
}
