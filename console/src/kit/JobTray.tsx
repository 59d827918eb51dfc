import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorBox } from './ErrorBox'
import { formatCount } from './format'
import { TimeText } from './Texts'
import { isRunning, type Job, useJobs } from './useJob'

/** What runs in the background for this user: imports, exports, bulk changes. */
export function JobTray() {
  const { t } = useTranslation('kit')
  const [isOpen, setOpen] = useState(false)
  const { data, error, refetch } = useJobs(isOpen)
  const running = data?.items.filter(isRunning).length ?? 0
  return (
    <>
      <button
        type="button"
        className="mk-button is-quiet"
        popoverTarget="job-tray"
        data-testid="shell.jobs"
      >
        {t('jobs.title')}
        {running > 0 && <span className="mk-badge">{running}</span>}
      </button>
      <div
        id="job-tray"
        popover="auto"
        className="mk-popover"
        onToggle={(event) => setOpen(event.newState === 'open')}
      >
        <h2>{t('jobs.title')}</h2>
        {error && <ErrorBox error={error} onRetry={() => void refetch()} />}
        {data?.items.length === 0 && <p>{t('jobs.none')}</p>}
        <ul className="mk-jobs">
          {data?.items.map((job) => (
            <li key={job.job_id} data-id={job.job_id}>
              <JobLine job={job} />
            </li>
          ))}
        </ul>
      </div>
    </>
  )
}

export function JobLine({ job }: { job: Job }) {
  const { t } = useTranslation('kit')
  const { done, total } = job
  return (
    <>
      <strong>{t(`jobs.kind.${job.kind}`, { defaultValue: job.kind })}</strong>{' '}
      {t(`jobs.state.${job.state}`, { defaultValue: job.state })}
      {isRunning(job) && total ? (
        <progress value={done ?? 0} max={total} aria-label={t('jobs.progress')} />
      ) : null}
      <br />
      <span className="mk-quiet">
        <TimeText at={job.created_at} />
        {total ? ` · ${formatCount(done ?? 0)} / ${formatCount(total)}` : ''}
      </span>{' '}
      {job.download && (
        <a href={job.download} download>
          {t('jobs.download')}
        </a>
      )}
      {job.error && <p>{job.error}</p>}
    </>
  )
}
