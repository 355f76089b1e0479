import { useHeld } from '../core/list'
import { AsOf, Cell, Cells, Loading, Page, Strip } from '../core/ui'
import { APP_VERSION } from '../core/version'

/** Who runs it, under which filing number, what becomes of the data. Readable without signing in. */
export default function AboutPage() {
  const about = useHeld('GET /api/about')
  const found = about.data.value
  return (
    <Page title="关于红领通" up="/me" head={found?.trial && <Strip kind="wait">未备案，仅供试用</Strip>}>
      {!found && about.loading.value && <Loading />}
      {found && <>
        <Cells>
          <Cell title="主办单位" value={found.host_unit} />
          <Cell title="备案编号" value={found.filing_number ?? '未备案-试用'} />
          <Cell title="版本" value={`手机端 ${APP_VERSION}，服务器 ${found.version}`} />
          {found.contact && <Cell title="联系方式" value={found.contact} />}
        </Cells>
        <Cells><Cell title="投诉建议" desc="不用登录，可以不留姓名" to="/feedback" /><Cell title="诊断" desc="这台手机能做什么" to="/diag" /></Cells>
        {found.privacy.map(part => <section key={part.title}><h2 class="weui-cells__title">{part.title}</h2><div class="weui-cells"><p class="prose">{part.text}</p></div></section>)}
      </>}
      <AsOf at={about.asOf.value} error={about.error.value} />
    </Page>
  )
}
