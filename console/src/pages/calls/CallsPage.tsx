import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import { ExportButton } from '@/kit/ExportButton'
import { FilterBar } from '@/kit/FilterBar'
import { formatDuration } from '@/kit/format'
import { PageHead } from '@/kit/PageHead'
import { useAppFilter } from '@/kit/useAppFilter'
import { type Filter, useFilters } from '@/kit/useFilters'
import { useList } from '@/kit/useList'
import type { Call } from './call'
import { useCallColumns } from './columns'

/** Which call? A list that leads to the page of one. */
export default function CallsPage() {
  const { t } = useTranslation(['calls', 'kit'])
  const navigate = useNavigate()
  const app = useAppFilter()
  const choices = useMemo<Filter[]>(
    () => [
      { name: 'range', label: t('filter.range'), kind: 'range', usual: '24h', from: 'since' },
      {
        name: 'outcome',
        label: t('filter.outcome'),
        kind: 'choice',
        options: (['connected', 'unanswered', 'refused', 'failed'] as const).map((value) => ({
          value,
          label: t(`kit:outcome.${value}`),
        })),
      },
      {
        name: 'mode',
        label: t('filter.mode'),
        kind: 'choice',
        options: ['ax', 'axb', 'axe', 'axyb', 'x'].map((value) => ({
          value,
          label: value.toUpperCase(),
        })),
      },
      app,
      { name: 'release', label: t('filter.code'), kind: 'text', placeholder: '8101' },
      {
        name: 'caller_role',
        label: t('filter.direction'),
        kind: 'choice',
        options: (['A', 'B'] as const).map((value) => ({
          value,
          label: t(`filter.callerRole.${value}`),
        })),
      },
      {
        name: 'min_talk_s',
        label: t('filter.minTalk'),
        kind: 'choice',
        options: (['1', '10', '60', '600'] as const).map((value) => ({
          value,
          label: formatDuration(Number(value) * 1000),
        })),
      },
      { name: 'x', label: t('filter.x'), kind: 'text', placeholder: '+86170…' },
      { name: 'who', label: t('filter.who'), kind: 'number' },
      { name: 'has_recording', label: t('filter.recorded'), kind: 'flag' },
    ],
    [t, app],
  )
  const filters = useFilters(choices)
  const list = useList<Call>('/records', filters.query)
  const columns = useCallColumns()
  return (
    <>
      <PageHead
        title={t('title')}
        verdict={t('verdict')}
        actions={<ExportButton kind="records" filter={filters.query} />}
      />
      <FilterBar area="calls" filters={choices} state={filters} />
      <DataTable
        id="calls"
        caption={t('caption')}
        columns={columns}
        list={list}
        rowId={(call) => call.session_id}
        onOpen={(call) =>
          void navigate({ to: '/calls/$session', params: { session: call.session_id } })
        }
        empty={<EmptyState title={t('empty.title')}>{t('empty.text')}</EmptyState>}
      />
    </>
  )
}
