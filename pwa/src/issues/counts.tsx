import { useHeld } from '../core/list'
import { AsOf, Cells, Facts, Fact } from '../core/ui'

/** A sending unit sees how much its secretaries do, never what or for whom. */
export function SendingCounts() {
  const issues = useHeld('GET /api/issues/count')
  const visits = useHeld('GET /api/visits/count')
  const found = issues.data.value
  return <>
    <Cells title="本单位派出的红领书记（累计）" tips="只显示合计，不显示具体内容和居民信息，不作为评价依据。">
      <Facts>
        <Fact name="未办结">{found && `${found.open} 件`}</Fact>
        <Fact name="已办结">{found && `${found.resolved} 件`}</Fact>
        <Fact name="走访">{visits.data.value && `${visits.data.value.count} 次`}</Fact>
      </Facts>
    </Cells>
    <AsOf at={issues.asOf.value} error={issues.error.value} />
  </>
}
