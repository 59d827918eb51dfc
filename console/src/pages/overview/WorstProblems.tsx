import '@/kit/table.css'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { ErrorBox } from '@/kit/ErrorBox'
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
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
        <section className="mk-scroll" tabIndex={0} aria-label={t('problems.title')}>
          <table className="mk-plain-table">
            <caption className="mk-visually-hidden">{t('problems.title')}</caption>
            <thead>
              <tr>
                {columns.map(({ key, title }) => (
                  <th key={key} scope="col">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data.items.map((problem) => (
                <tr key={problem.problem_id} data-id={problem.problem_id}>
                  {columns.map(({ key, render }) => (
                    <td key={key}>{render(problem)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <p>
        <Link to={'/problems' as never}>{t('problems.all')}</Link>
      </p>
    </section>
  )
}
