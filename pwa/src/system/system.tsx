import { ago, dayTime } from '../core/dates'
import { useHeld } from '../core/list'
import { AsOf, Cell, Cells, Fact, Facts, Loading, Page, Tag } from '../core/ui'

const LEVELS = { ok: <Tag kind="done">正常</Tag>, warn: <Tag kind="wait">留意</Tag>, bad: <Tag kind="red">要处理</Tag> }
const JOB_WORDS: Record<string, string> = {
  'worker.heartbeat': '心跳', 'reminders.scan': '写提醒', 'reminders.bells': '排响铃', 'reminders.ring': '发响铃', 'tokens.renew': '更新令牌',
  'bells.sweep': '清理旧响铃', 'exchanges.sweep': '清理登录码', 'devices.sweep': '清理设备', 'photos.sweep': '清理照片', 'claims.sweep': '清理签到凭据',
}

/** 系统: what is wrong comes first, with what to do. No case, and nobody's reading or working. */
export default function SystemPage() {
  const server = useHeld('GET /api/system')
  const found = server.data.value
  if (!found) return <Page title="系统" up="/me">{server.loading.value ? <Loading /> : <AsOf at={null} error={server.error.value} />}</Page>
  return (
    <Page title="系统" up="/me" onRefresh={server.refresh}>
      <Cells>{found.findings.map(one => <Cell key={one.what} title={one.what} desc={one.advice}><span class="tags">{LEVELS[one.level]}</span></Cell>)}</Cells>
      <Cells title="响铃">
        <Facts>
          <Fact name="已送到">{`${found.bells.rung} 条`}</Fact>
          <Fact name="等待发出">{`${found.bells.waiting} 条`}</Fact>
          <Fact name="没有送到">{`${found.bells.failed} 条`}</Fact>
          <Fact name="不能确定">{found.bells.unsure > 0 && `${found.bells.unsure} 条`}</Fact>
          <Fact name="事情已过">{`${found.bells.expired} 条`}</Fact>
        </Facts>
        <Cell title="发送记录" desc="每次发送的结果和对方的错误码，不含内容" to="/system/deliveries" />
        <Cell title="试发一条" desc="在提醒设置里选一个接收方式试发" to="/me/reminders" />
      </Cells>
      <Cells title="后台任务"><Facts>{found.jobs.map(job => <Fact key={job.name} name={JOB_WORDS[job.name] ?? job.name}>{job.ended_at ? `${ago(job.ended_at)}（${dayTime(job.ended_at)}）` : '还没有运行过'}</Fact>)}</Facts></Cells>
      <Cells><Facts><Fact name="版本">{found.version}</Fact><Fact name="数据库">{found.database}</Fact></Facts></Cells>
      <AsOf at={server.asOf.value} error={server.error.value} />
    </Page>
  )
}
