import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { pages } from '@/app/area'
import { ErrorBox } from './ErrorBox'
import { formatBytes, formatCount } from './format'
import { TimeText } from './Texts'
import { fileOf, handled, isRunning, type Job, useJobs } from './useJob'

/** The page of a job by its kind, which may be a list; a file has none, it is fetched here. */
const PAGES: Partial<Record<Job['kind'], string>> = {
  number_import: '/numbers/import/$job',
  sms_capability_import: '/numbers/sms/$job',
  number_change: '/numbers/jobs/$job',
  push_replay: '/pushes/dead',
  number_transfer: '/numbers/jobs/$job',
  number_return: '/numbers/jobs/$job',
  stock_import: '/platform/stock/import/$job',
}
const TRAY = 'job-tray'

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
        popoverTarget={TRAY}
        data-testid="shell.jobs"
      >
        {t('jobs.title')}
        {running > 0 && <span className="mk-badge">{running}</span>}
      </button>
      <div
        id={TRAY}
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

/** One job in two lines: what it is and how far, when it began, and where to go from here. */
export function JobLine({ job }: { job: Job }) {
  const { t } = useTranslation('kit')
  const page = PAGES[job.kind]
  const isKnown = page !== undefined && pages.some(({ path }) => path === page)
  const file = fileOf(job)
  return (
    <>
      <strong>{t(`jobs.kind.${job.kind}`, { defaultValue: job.kind })}</strong>{' '}
      {t(`jobs.state.${job.state}`, { defaultValue: job.state })}{' '}
      {isRunning(job) && <JobProgress job={job} />}
      <br />
      <span className="mk-quiet">
        <TimeText at={job.created_at} />
        {job.total > 0 && ` · ${formatCount(handled(job))} / ${formatCount(job.total)}`}
        {job.failed > 0 && ` · ${t('jobs.failed', { count: job.failed })}`}
      </span>{' '}
      {file && job.file && (
        <a href={file} download={job.file.name}>
          {t('jobs.download')} ({formatBytes(job.file.size)})
        </a>
      )}
      {isKnown && (
        <Link
          to={page}
          params={{ job: job.job_id } as never}
          search={(page.includes('$job') ? {} : { job: job.job_id }) as never}
          onClick={hideTray}
        >
          {t('jobs.open')}
        </Link>
      )}
      {job.error && <p>{job.error.message}</p>}
    </>
  )
}

/** How far a job is; without an end as long as its rows are not counted. */
export function JobProgress({ job }: { job: Job }) {
  const { t } = useTranslation('kit')
  const isCounted = job.total > 0 && job.state !== 'checking'
  return (
    <progress
      value={isCounted ? handled(job) : undefined}
      max={isCounted ? job.total : undefined}
      aria-label={t('jobs.progress')}
    />
  )
}

function hideTray(): void {
  document.getElementById(TRAY)?.hidePopover()
}
