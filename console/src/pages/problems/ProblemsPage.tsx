import './problems.css'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import { FilterBar } from '@/kit/FilterBar'
import { PageHead } from '@/kit/PageHead'
import { useAppFilter } from '@/kit/useAppFilter'
import { type Filter, useFilters } from '@/kit/useFilters'
import { useList } from '@/kit/useList'
import { useUrl } from '@/kit/useUrl'
import { ProblemDrawer } from './ProblemDrawer'
import { useProblemColumns } from './ProblemParts'
import type { Problem } from './problem'

const EVERY_MS = 15_000

/** What keeps failing, by cause: known, muted, or to be dealt with. */
export default function ProblemsPage() {
  const { t } = useTranslation('problems')
  const app = useAppFilter()
  const choices = useMemo<Filter[]>(
    () => [
      { name: 'range', label: t('filter.range'), kind: 'range', usual: '7d', from: 'since' },
      {
        name: 'kind',
        label: t('column.kind'),
        kind: 'choice',
        options: (
          ['call', 'push', 'api', 'refusal', 'complaint', 'reveal', 'balance', 'stock'] as const
        ).map((value) => ({
          value,
          label: t(`kind.${value}`),
        })),
      },
      {
        name: 'state',
        label: t('column.state'),
        kind: 'choice',
        options: (['open', 'known', 'muted'] as const).map((value) => ({
          value,
          label: t(`state.${value}`),
        })),
      },
      app,
    ],
    [t, app],
  )
  const filters = useFilters(choices)
  const list = useList<Problem>('/problems', filters.query, { everyMs: EVERY_MS })
  const columns = useProblemColumns()
  const [url, change] = useUrl()
  const rows = list.rows ?? []
  const open = rows.findIndex((one) => one.problem_id === url.open)
  const count = rows.filter((one) => one.state === 'open').length
  const goTo = (at: number) => rows[at] && change({ open: rows[at].problem_id })
  return (
    <>
      <PageHead
        title={t('title')}
        tone={count > 0 ? 'bad' : 'ok'}
        verdict={list.rows && (count > 0 ? t('verdict.some', { count }) : t('verdict.none'))}
      />
      <FilterBar area="problems" filters={choices} state={filters} />
      <DataTable
        id="problems"
        caption={t('caption')}
        columns={columns}
        list={list}
        rowId={(one) => one.problem_id}
        onOpen={(one) => change({ open: one.problem_id })}
        openId={url.open}
        empty={<EmptyState title={t('empty')} />}
      />
      {rows[open] && (
        <ProblemDrawer
          key={rows[open].problem_id}
          problem={rows[open]}
          onClose={() => change({ open: null })}
          onNext={() => goTo(open + 1)}
          onPrevious={() => goTo(open - 1)}
        />
      )}
    </>
  )
}
