import { Button } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorBox } from '@/kit/ErrorBox'
import { formatCount } from '@/kit/format'
import { JobActions } from '@/kit/JobActions'
import { JobProgress } from '@/kit/JobTray'
import { isOver, isRunning, useJob } from '@/kit/useJob'
import { useUrl } from '@/kit/useUrl'
import { useRenewPushes } from './useRepair'

/** How far the replay in the address is, and what can be done with it. */
export function ReplayProgress() {
  const { t } = useTranslation('pushes')
  const [url, change] = useUrl()
  const { data: job, error, refetch } = useJob(url.job)
  const renew = useRenewPushes()
  const isEnded = job !== undefined && isOver(job)
  useEffect(() => {
    if (isEnded) void renew()
  }, [isEnded, renew])
  if (!url.job) return null
  if (error) return <ErrorBox error={error} onRetry={() => void refetch()} />
  if (!job) return null
  return (
    <section className="pushes-replay" aria-label={t('replay.title')} data-testid="pushes.job">
      <span role="status">
        {t(`replay.job.${job.state}`, {
          done: formatCount(job.done),
          failed: formatCount(job.failed),
          total: formatCount(job.total),
        })}
      </span>
      {isRunning(job) && <JobProgress job={job} />}
      <JobActions job={job} right="push.resend" />
      {isEnded && (
        <Button data-testid="pushes.job.close" onClick={() => change({ job: null })}>
          {t('replay.close')}
        </Button>
      )}
    </section>
  )
}
