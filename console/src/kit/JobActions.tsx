import { useTranslation } from 'react-i18next'
import { useRight } from '@/app/SessionContext'
import { ConfirmButton } from './ConfirmButton'
import { type Job, useJobVerbs } from './useJob'

interface Props {
  job: Job
  /** The right that whoever began it had. */
  right: string
}

/** What can be done with a job that runs, rests, or has failed. */
export function JobActions({ job, right }: Props) {
  const { t } = useTranslation('kit')
  const may = useRight(right)
  const tell = useJobVerbs(job.job_id)
  if (!may) return null
  const mayPause = job.state === 'running' || job.state === 'queued'
  const mayResume = job.state === 'paused' || job.state === 'failed'
  const mayCancel = mayPause || job.state === 'paused'
  return (
    <>
      {mayPause && (
        <ConfirmButton label={t('jobs.pause')} level={0} onConfirm={() => tell('pause')} />
      )}
      {mayResume && (
        <ConfirmButton label={t('jobs.resume')} level={0} onConfirm={() => tell('resume')} />
      )}
      {mayCancel && (
        <ConfirmButton
          label={t('jobs.cancel')}
          level={1}
          danger
          effect={t('jobs.cancelEffect')}
          testId="jobs.cancel"
          onConfirm={() => tell('cancel')}
        />
      )}
    </>
  )
}
