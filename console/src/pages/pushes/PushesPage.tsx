import './pushes.css'
import { useTranslation } from 'react-i18next'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import { ExportButton } from '@/kit/ExportButton'
import { FilterBar } from '@/kit/FilterBar'
import { PageHead } from '@/kit/PageHead'
import { useFilters } from '@/kit/useFilters'
import { useList } from '@/kit/useList'
import { useSelection } from '@/kit/useSelection'
import { useUrl } from '@/kit/useUrl'
import { usePushColumns } from './columns'
import { PushDrawer } from './PushDrawer'
import type { Push } from './push'
import { ReplayAll } from './ReplayAll'
import { ReplayProgress } from './ReplayProgress'
import { ResendMany } from './ResendMany'
import { usePushFilters } from './usePushFilters'
import { useMayResend } from './useRepair'

/** Did the customer's server get it; if not, why? */
export default function PushesPage() {
  const { t } = useTranslation('pushes')
  const choices = usePushFilters(false)
  const filters = useFilters(choices)
  const list = useList<Push>('/pushes', filters.query)
  const columns = usePushColumns()
  const selection = useSelection()
  const maySend = useMayResend()
  const [url, change] = useUrl()
  const rows = list.rows ?? []
  const mayBeDead = !filters.query.state || filters.query.state === 'dead'
  const dead = rows.filter(({ state }) => state === 'dead').length
  return (
    <>
      <PageHead
        title={t('title')}
        tone={dead > 0 ? 'warn' : 'plain'}
        verdict={list.rows && (dead > 0 ? t('verdict.dead', { count: dead }) : t('verdict.all'))}
        actions={
          <>
            {maySend && <ReplayAll query={filters.query} isEmpty={!mayBeDead} />}
            <ExportButton kind="pushes" filter={filters.query} />
          </>
        }
      />
      <ReplayProgress />
      <FilterBar area="pushes" filters={choices} state={filters} />
      <DataTable
        id="pushes"
        caption={t('caption')}
        columns={columns}
        list={list}
        rowId={(push) => push.notice_id}
        onOpen={(push) => change({ open: push.notice_id })}
        openId={url.open}
        selection={maySend ? selection : undefined}
        bulk={(ids) => <ResendMany rows={rows} ids={ids} onDone={selection.clear} />}
        empty={<EmptyState title={t('empty')}>{t('emptyWhy')}</EmptyState>}
      />
      <PushDrawer rows={rows} />
    </>
  )
}
