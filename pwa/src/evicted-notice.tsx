import { dayTime, longDay, time } from './core/dates'
import { readEviction, type Evicted } from './core/tally'
import { Button, Cells, Fact, Facts, Page } from './core/ui'

const KINDS: Record<string, string> = { visits: '走访', issues: '民情', 'issue-actions': '民情进展', checkins: '签到', meetings: '会议', 'meeting-actions': '会议操作', decisions: '确认', postings: '选派', 'posting-ends': '任期结束', fulfilments: '履责', 'unit-leaders': '负责同志' }

/** The whole screen, so that nobody overlooks it: unsent work is gone, and what is known of it. */
export default function EvictedNotice({ what }: { what: Evicted }) {
  return (
    <main class="pane">
      <Page title="红领通" foot={<Button onClick={readEviction}>我知道了</Button>}>
        <div class="empty" role="alert"><p class="empty__title">本机 {what.count} 条未上传记录已被系统清除</p><p>手机或浏览器清理了本应用的数据，这些记录没有传到服务器，请尽快补记。</p></div>
        <Cells title="已知的情况"><Facts>
          <Fact name="最早一条">{longDay(what.oldest)} {time(what.oldest)}</Fact>
          <Fact name="类别">{Object.entries(what.kinds).map(([kind, count]) => `${KINDS[kind] ?? '记录'} ${count} 条`).join('，')}</Fact>
          <Fact name="发现时间">{dayTime(what.noticed_at)}</Fact>
        </Facts></Cells>
        <Cells tips="添加到桌面、常打开、有网络时等待“已送达”，可以避免再次发生。系统管理员会得知有记录被清除，不会得知内容。">{null}</Cells>
      </Page>
    </main>
  )
}
