import { useTranslation } from 'react-i18next'
import { useRight } from '@/app/SessionContext'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { type Job, useJobVerbs } from '@/kit/useJob'

/** What can be done with a job that runs, rests, or has failed. */
export function JobActions({ job }: { job: Job }) {
  const { t } = useTranslation('numbers')
  const mayWrite = useRight('number.write')
  const tell = useJobVerbs(job.job_id)
  if (!mayWrite) return null
  const mayPause = job.state === 'running' || job.state === 'queued'
  const mayResume = job.state === 'paused' || job.state === 'failed'
  const mayCancel = mayPause || job.state === 'paused'
  return (
    <>
      {mayPause && (
        <ConfirmButton label={t('job.pause')} level={0} onConfirm={() => tell('pause')} />
      )}
      {mayResume && (
        <ConfirmButton label={t('job.resume')} level={0} onConfirm={() => tell('resume')} />
      )}
      {mayCancel && (
        <ConfirmButton
          label={t('job.cancel')}
          level={1}
          danger
          effect={t('job.cancelEffect')}
          onConfirm={() => tell('cancel')}
        />
      )}
    </>
  )
}
