import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Tabs } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { FormRequests } from '@/api/change'
import { ask, urlOf } from '@/api/client'
import { useRight } from '@/app/SessionContext'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { ErrorBox } from '@/kit/ErrorBox'
import { formatCount } from '@/kit/format'
import { JobProgress } from '@/kit/JobTray'
import { isOver, isRunning, type Job, useJobVerbs } from '@/kit/useJob'
import { useUrl } from '@/kit/useUrl'
import { UploadBox } from './ImportStart'
import { type ImportKind, PLACES, TARGETS } from './importKind'
import { JobRows } from './JobRows'

/** Steps 3 and 4: what each row will do, then doing it. */
export function ImportCheck({ job, kind }: { job: Job; kind: ImportKind }) {
  const { t } = useTranslation('numbers')
  const client = useQueryClient()
  const place = PLACES[kind]
  const isEnded = isOver(job)
  useEffect(() => {
    if (!isEnded) return
    void client.invalidateQueries({ queryKey: ['/numbers'] })
    void client.invalidateQueries({ queryKey: ['/stock'] })
    void client.invalidateQueries({ queryKey: ['/stock/counts'] })
  }, [isEnded, client])
  if (job.state === 'failed' && job.total === 0) {
    return (
      <section className="mk-card">
        <p className="mk-error" role="alert">
          <code>{job.error?.code}</code>{' '}
          {t(`fileCode.${job.error?.code}`, { defaultValue: job.error?.message ?? '' })}
        </p>
        <UploadBox kind={kind} label={t('import.replace')} />
      </section>
    )
  }
  return (
    <>
      {isRunning(job) && <JobProgress job={job} />}
      {job.error && <p className="mk-error">{job.error.message}</p>}
      {job.state === 'ready' && <Decide job={job} kind={kind} />}
      {isEnded && (
        <p>
          <Link to={TARGETS[kind].list}>{t('import.toNumbers')}</Link>
          {' · '}
          <Link to={place.page}>{t('import.another')}</Link>
        </p>
      )}
      {job.state !== 'checking' && <Rows job={job} kind={kind} />}
    </>
  )
}

/** The three ways on: import what can be, another file, or nothing at all. */
function Decide({ job, kind }: { job: Job; kind: ImportKind }) {
  const { t } = useTranslation('numbers')
  const client = useQueryClient()
  const navigate = useNavigate()
  const mayWrite = useRight(TARGETS[kind].right)
  const tell = useJobVerbs(job.job_id)
  const { path, page } = PLACES[kind]
  if (!mayWrite) return null
  const apply = async ({ send }: FormRequests) => {
    await send('POST', `${path}/{job_id}/apply`, { params: { job_id: job.job_id } })
    await client.invalidateQueries({ queryKey: ['/jobs'] })
  }
  const cancel = async () => {
    await tell('cancel')
    await navigate({ to: page })
  }
  const count = formatCount(job.changes)
  return (
    <div className="mk-card numbers-decide">
      <ConfirmButton
        label={
          job.failed > 0
            ? t('import.applySome', { changes: count, failed: formatCount(job.failed) })
            : t('import.apply', { changes: count })
        }
        level={kind === 'sms_capability_import' ? 1 : 0}
        effect={t('import.smsEffect')}
        type="primary"
        disabled={job.changes === 0}
        reason={t('import.nothing')}
        testId="import.apply"
        onConfirm={apply}
      />
      <UploadBox kind={kind} label={t('import.replace')} />
      <ConfirmButton
        label={t('import.cancel')}
        level={0}
        testId="import.cancel"
        onConfirm={cancel}
      />
    </div>
  )
}

function Rows({ job, kind }: { job: Job; kind: ImportKind }) {
  const { t } = useTranslation('numbers')
  const [url, change] = useUrl()
  const { path } = PLACES[kind]
  const rows = `${path}/{job_id}/rows`
  // Rows that could be imported when they were checked, and could not any more when it was done.
  const late = job.state === 'done' ? job.changes - job.done : 0
  const header = useQuery({
    queryKey: [rows, job.job_id, 'header'],
    queryFn: () =>
      ask<{ header: string[] }>('GET', rows, {
        params: { job_id: job.job_id },
        query: { limit: 1 },
      }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const usual = job.failed > 0 ? 'errors' : 'changes'
  return (
    <>
      {header.error && <ErrorBox error={header.error} />}
      {job.failed > 0 && (
        <p>
          <a
            className="mk-button"
            href={urlOf(`${path}/{job_id}/errors.xlsx`, { params: { job_id: job.job_id } })}
            download={`errors-${job.job_id.slice(0, 8)}.xlsx`}
            data-testid="import.errorFile"
          >
            {t('import.errorFile', { failed: formatCount(job.failed) })}
          </a>
        </p>
      )}
      <Tabs
        activeKey={url.tab ?? usual}
        onChange={(tab) => change({ tab, after: null, trail: null }, { replace: true })}
        destroyOnHidden
        items={[
          {
            key: 'errors',
            label: `${t('import.tab.errors')} ${formatCount(job.failed - late)}`,
            children: (
              <JobRows
                id="import.errors"
                path={rows}
                job={job}
                filter={{ state: 'error' }}
                kind="errors"
              />
            ),
          },
          ...(late > 0
            ? [
                {
                  key: 'late',
                  label: `${t('import.tab.late')} ${formatCount(late)}`,
                  children: (
                    <JobRows
                      id="import.late"
                      path={rows}
                      job={job}
                      filter={{ state: 'failed' }}
                      kind="errors"
                    />
                  ),
                },
              ]
            : []),
          {
            key: 'changes',
            label: `${t('import.tab.changes')} ${formatCount(job.changes)}`,
            children: (
              <JobRows
                id="import.changes"
                path={rows}
                job={job}
                filter={{ state: job.state === 'done' ? 'done' : 'change' }}
                kind="changes"
                header={header.data?.header}
              />
            ),
          },
          {
            key: 'unchanged',
            label: `${t('import.tab.unchanged')} ${formatCount(job.unchanged)}`,
            children: (
              <JobRows
                id="import.unchanged"
                path={rows}
                job={job}
                filter={{ state: 'unchanged' }}
                kind="changes"
                header={header.data?.header}
              />
            ),
          },
        ]}
      />
    </>
  )
}
