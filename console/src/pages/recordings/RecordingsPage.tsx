import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '@/api/client'
import { AppName } from '@/kit/AppName'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import { FilterBar } from '@/kit/FilterBar'
import { formatBytes } from '@/kit/format'
import { PageHead } from '@/kit/PageHead'
import { StateTag } from '@/kit/StateTag'
import { DurationText, IdText, TimeText } from '@/kit/Texts'
import { useAppFilter } from '@/kit/useAppFilter'
import { type Filter, useFilters } from '@/kit/useFilters'
import { useList } from '@/kit/useList'
import { useUrl } from '@/kit/useUrl'
import { RecordingDrawer } from './RecordingDrawer'

export type Recording = Schema<'RecordingView'>

/** Listen to what? Recordings while they are kept. */
export default function RecordingsPage() {
  const { t } = useTranslation(['recordings', 'kit'])
  const app = useAppFilter()
  const choices = useMemo<Filter[]>(
    () => [
      {
        name: 'range',
        label: t('column.start'),
        kind: 'range',
        usual: '7d',
        from: 'since',
        until: 'until',
      },
      app,
      { name: 'session_id', label: t('column.session'), kind: 'text' },
      {
        name: 'state',
        label: t('column.state'),
        kind: 'choice',
        options: (['kept', 'writing'] as const).map((value) => ({
          value,
          label: t(`state.${value}`),
        })),
      },
    ],
    [t, app],
  )
  const filters = useFilters(choices)
  const list = useList<Recording>('/recordings', filters.query)
  const columns = useRecordingColumns()
  const [url, change] = useUrl()
  const rows = list.rows ?? []
  const at = rows.findIndex(({ object_name }) => object_name === url.open)
  const goTo = (place: number) => rows[place] && change({ open: rows[place].object_name })
  return (
    <>
      <PageHead title={t('title')} verdict={t('verdict')} />
      <FilterBar area="recordings" filters={choices} state={filters} />
      <DataTable
        id="recordings"
        caption={t('caption')}
        columns={columns}
        list={list}
        rowId={({ object_name }) => object_name}
        onOpen={({ object_name }) => change({ open: object_name })}
        openId={url.open}
        empty={<EmptyState title={t('empty')}>{t('emptyWhy')}</EmptyState>}
      />
      {rows[at] && (
        <RecordingDrawer
          key={rows[at].object_name}
          recording={rows[at]}
          onClose={() => change({ open: null })}
          onNext={() => goTo(at + 1)}
          onPrevious={() => goTo(at - 1)}
        />
      )}
    </>
  )
}

function useRecordingColumns(): Column<Recording>[] {
  const { t } = useTranslation(['recordings', 'kit'])
  return useMemo(
    () => [
      {
        key: 'started_at',
        title: t('column.start'),
        render: (one) => <TimeText at={one.started_at} />,
        isFixed: true,
        width: '19ch',
      },
      {
        key: 'length',
        title: t('column.length'),
        render: (one) => <DurationText s={one.state === 'kept' ? one.duration_s : null} />,
        align: 'end',
        isFixed: true,
      },
      {
        key: 'size',
        title: t('column.size'),
        render: (one) => formatBytes(one.size),
        align: 'end',
      },
      { key: 'app', title: t('kit:app'), render: (one) => <AppName appKey={one.app_key} /> },
      {
        key: 'session',
        title: t('column.session'),
        render: (one) => <IdText id={one.session_id} />,
      },
      { key: 'kept', title: t('column.kept'), render: (one) => <TimeText at={one.expires_at} /> },
      {
        key: 'state',
        title: t('column.state'),
        render: (one) => <StateTag>{t(`state.${one.state}`)}</StateTag>,
      },
    ],
    [t],
  )
}
