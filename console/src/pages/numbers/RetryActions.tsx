import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { urlOf } from '@/api/client'
import { useRight } from '@/app/SessionContext'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { isOver, type Job } from '@/kit/useJob'

/** Of a transfer or a release with numbers that failed: the list of them, and another try. */
export function RetryActions({ job }: { job: Job }) {
  const { t } = useTranslation('numbers')
  const navigate = useNavigate()
  const client = useQueryClient()
  const isReturn = job.kind === 'number_return'
  const may = useRight(isReturn ? 'number.release' : 'number.transfer')
  if (!job.task || !isOver(job) || job.failed === 0) return null
  const path = isReturn ? '/number-returns' : '/number-transfers'
  const params = { job_id: job.job_id }
  return (
    <>
      <a className="mk-button" href={urlOf(`${path}/{job_id}/errors.xlsx`, { params })} download>
        {t('life.errors', { n: job.failed })}
      </a>
      {may && (
        <ConfirmButton
          label={t('life.retry', { n: job.failed })}
          level={isReturn ? 3 : 1}
          effect={<p>{t(`life.${isReturn ? 'release' : 'transfer'}.effect`)}</p>}
          testId="numberJob.retry"
          onConfirm={async ({ send }) => {
            const again = await send<Job>('POST', `${path}/{job_id}/retry`, { params })
            await client.invalidateQueries({ queryKey: ['/jobs'] })
            await navigate({
              to: '/numbers/jobs/$job',
              params: { job: again.job_id } as never,
            })
          }}
        />
      )}
    </>
  )
}
