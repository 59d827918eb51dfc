import './numbers.css'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorBox } from '@/kit/ErrorBox'
import { FilterBar } from '@/kit/FilterBar'
import { formatCount } from '@/kit/format'
import { JobActions } from '@/kit/JobActions'
import { JobProgress } from '@/kit/JobTray'
import { PageHead } from '@/kit/PageHead'
import { Skeleton } from '@/kit/Skeleton'
import { type Filter, useFilters } from '@/kit/useFilters'
import { handled, isOver, type Job, useJob } from '@/kit/useJob'
import { usePathParam } from '@/kit/useUrl'
import { JobRows } from './JobRows'
import { RetryActions } from './RetryActions'

const RIGHTS: Partial<Record<Job['kind'], string>> = {
  number_transfer: 'number.transfer',
  number_return: 'number.release',
}

/** What became of each number of one bulk change. */
export default function NumberJobPage() {
  const { t } = useTranslation('numbers')
  const id = usePathParam('job')
  const client = useQueryClient()
  const { data: job, error, refetch } = useJob(id)
  const choices = useMemo<Filter[]>(
    () => [
      {
        name: 'state',
        label: t('job.outcome'),
        kind: 'choice',
        options: (['done', 'unchanged', 'failed'] as const).map((value) => ({
          value,
          label: t(`outcome.${value}`),
        })),
      },
    ],
    [t],
  )
  const filters = useFilters(choices)
  const isEnded = job !== undefined && isOver(job)
  useEffect(() => {
    if (isEnded) void client.invalidateQueries({ queryKey: ['/numbers'] })
  }, [isEnded, client])
  if (error) {
    return (
      <>
        <PageHead title={t('job.title')} />
        <ErrorBox error={error} onRetry={() => void refetch()} />
      </>
    )
  }
  if (!job) return <Skeleton rows={8} />
  return (
    <>
      <PageHead
        title={t(`job.titleOf.${job.kind}`, { defaultValue: t('job.title') })}
        tone={job.failed > 0 || job.state === 'failed' ? 'warn' : 'plain'}
        verdict={t(job.task ? `task.${job.kind}.${job.task}` : `job.${job.state}`, {
          handled: formatCount(handled(job)),
          total: formatCount(job.total),
          done: formatCount(job.done),
          unchanged: formatCount(job.unchanged),
          failed: formatCount(job.failed),
        })}
        actions={
          <>
            <RetryActions job={job} />
            <JobActions job={job} right={RIGHTS[job.kind] ?? 'number.write'} />
          </>
        }
      />
      {!isEnded && <JobProgress job={job} />}
      {job.error && <p className="mk-error">{job.error.message}</p>}
      <FilterBar area="numberJob" filters={choices} state={filters} />
      <JobRows
        id="numberJob"
        path="/jobs/{job_id}/rows"
        job={job}
        filter={filters.query}
        kind="results"
      />
    </>
  )
}
