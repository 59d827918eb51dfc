import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { ErrorBox } from '@/kit/ErrorBox'
import { PlainTable } from '@/kit/PlainTable'
import { Skeleton } from '@/kit/Skeleton'
import { useProblemColumns } from '@/pages/problems/ProblemParts'
import type { Problem } from '@/pages/problems/problem'

const LIMIT = 8
const EVERY_MS = 15_000
const QUERY = { state: 'open', limit: LIMIT }

/** The problems of the last day that nobody has taken up. */
export function WorstProblems() {
  const { t } = useTranslation('overview')
  const columns = useProblemColumns().filter(({ key }) => key !== 'state')
  const { data, error, refetch } = useQuery({
    queryKey: ['/problems', undefined, QUERY],
    queryFn: () => ask<{ items: Problem[] }>('GET', '/problems', { query: QUERY }),
    refetchInterval: EVERY_MS,
  })
  return (
    <section className="overview-part" data-testid="overview.problems">
      <h2>{t('problems.title')}</h2>
      {error !== null && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton rows={3} />}
      {data?.items.length === 0 && <p>{t('problems.none')}</p>}
      {data !== undefined && data.items.length > 0 && (
        <PlainTable
          label={t('problems.title')}
          columns={columns}
          rows={data.items}
          rowId={(problem) => problem.problem_id}
        />
      )}
      <p>
        <Link to={'/problems' as never}>{t('problems.all')}</Link>
      </p>
    </section>
  )
}
