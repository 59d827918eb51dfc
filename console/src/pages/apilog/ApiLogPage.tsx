import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '@/api/client'
import { AppName } from '@/kit/AppName'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import { FilterBar } from '@/kit/FilterBar'
import { PageHead } from '@/kit/PageHead'
import { DurationText, TimeText } from '@/kit/Texts'
import { useAppFilter } from '@/kit/useAppFilter'
import { useCodes } from '@/kit/useCodes'
import { type Filter, useFilters } from '@/kit/useFilters'
import { useList } from '@/kit/useList'
import { useUrl } from '@/kit/useUrl'
import { RequestDrawer } from './RequestDrawer'

export type FailedRequest = Schema<'FailedRequestView'>

/** What do we send wrong? Failed requests of the customers' interface, for a day. */
export default function ApiLogPage() {
  const { t } = useTranslation('apilog')
  const app = useAppFilter()
  const choices = useMemo<Filter[]>(
    () => [
      { name: 'range', label: t('column.time'), kind: 'range', usual: '24h', from: 'since' },
      app,
      { name: 'code', label: t('column.code'), kind: 'text', placeholder: '1010002' },
      { name: 'operation', label: t('column.operation'), kind: 'text' },
    ],
    [t, app],
  )
  const filters = useFilters(choices)
  const list = useList<FailedRequest>('/api-requests', filters.query)
  const columns = useColumnsOf()
  const [url, change] = useUrl()
  const rows = list.rows ?? []
  const at = rows.findIndex(({ request_id }) => request_id === url.open)
  const goTo = (place: number) => rows[place] && change({ open: rows[place].request_id })
  return (
    <>
      <PageHead
        title={t('title')}
        verdict={list.rows && (rows.length ? t('verdict') : t('none'))}
      />
      <FilterBar area="apilog" filters={choices} state={filters} />
      <DataTable
        id="apilog"
        caption={t('caption')}
        columns={columns}
        list={list}
        rowId={({ request_id }) => request_id}
        onOpen={({ request_id }) => change({ open: request_id })}
        openId={url.open}
        empty={<EmptyState title={t('empty')}>{t('emptyWhy')}</EmptyState>}
      />
      {rows[at] && (
        <RequestDrawer
          request={rows[at]}
          onClose={() => change({ open: null })}
          onNext={() => goTo(at + 1)}
          onPrevious={() => goTo(at - 1)}
        />
      )}
    </>
  )
}

function useColumnsOf(): Column<FailedRequest>[] {
  const { t } = useTranslation(['apilog', 'kit'])
  const codeOf = useCodes()
  return [
    {
      key: 'at',
      title: t('column.time'),
      render: (one) => <TimeText at={one.at} />,
      isFixed: true,
      width: '19ch',
    },
    {
      key: 'operation',
      title: t('column.operation'),
      render: (one) => <code>{one.operation}</code>,
      isFixed: true,
    },
    {
      key: 'code',
      title: t('column.code'),
      render: (one) => (
        <>
          <code>{one.code}</code> {codeOf('result', one.code)?.text}
        </>
      ),
      isFixed: true,
    },
    { key: 'status', title: 'HTTP', render: (one) => one.status, align: 'end' },
    { key: 'app', title: t('kit:app'), render: (one) => <AppName appKey={one.app_key} /> },
    { key: 'address', title: t('column.address'), render: (one) => <code>{one.address}</code> },
    {
      key: 'took',
      title: t('column.took'),
      render: (one) => <DurationText ms={one.took_ms} />,
      align: 'end',
    },
  ]
}
