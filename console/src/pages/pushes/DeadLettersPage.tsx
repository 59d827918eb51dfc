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
import { ReplayMany } from './ReplayMany'
import { ReplayProgress } from './ReplayProgress'
import { usePushFilters } from './usePushFilters'
import { useMayResend } from './useRepair'

/** What was given up, and getting it there after all. */
export default function DeadLettersPage() {
  const { t } = useTranslation('pushes')
  const choices = usePushFilters(true)
  const filters = useFilters(choices)
  const list = useList<Push>('/pushes', { ...filters.query, state: 'dead' })
  const columns = usePushColumns()
  const selection = useSelection()
  const maySend = useMayResend()
  const [url, change] = useUrl()
  const rows = list.rows ?? []
  const isEmpty = rows.length === 0
  return (
    <>
      <PageHead
        title={t('dead.title')}
        tone={isEmpty ? 'ok' : 'warn'}
        verdict={list.rows && (isEmpty ? t('dead.none') : t('dead.some'))}
        actions={
          <>
            {maySend && <ReplayAll query={filters.query} isEmpty={isEmpty} />}
            <ExportButton kind="pushes" filter={{ ...filters.query, state: 'dead' }} />
          </>
        }
      />
      <ReplayProgress />
      <FilterBar area="dead" filters={choices} state={filters} />
      <DataTable
        id="pushes.dead"
        caption={t('dead.caption')}
        columns={columns}
        list={list}
        rowId={(push) => push.notice_id}
        onOpen={(push) => change({ open: push.notice_id })}
        openId={url.open}
        selection={maySend ? selection : undefined}
        bulk={(ids) => <ReplayMany rows={rows} ids={ids} onDone={selection.clear} />}
        empty={<EmptyState title={t('dead.empty')} />}
      />
      <PushDrawer rows={rows} />
    </>
  )
}
