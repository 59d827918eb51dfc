import './numbers.css'
import { useTranslation } from 'react-i18next'
import { ErrorBox } from '@/kit/ErrorBox'
import { formatCount } from '@/kit/format'
import { JobActions } from '@/kit/JobActions'
import { PageHead } from '@/kit/PageHead'
import { Skeleton } from '@/kit/Skeleton'
import { type Job, useJob } from '@/kit/useJob'
import { usePathParam } from '@/kit/useUrl'
import { ImportCheck } from './ImportCheck'
import { ImportStart } from './ImportStart'
import { type ImportKind, TARGETS } from './importKind'

const STEPS = ['template', 'upload', 'check', 'import'] as const

/** Template, upload, check, import. From the upload on it is a job: one may leave and come back. */
export function ImportWizard({ kind }: { kind: ImportKind }) {
  const { t } = useTranslation('numbers')
  const id = usePathParam('job')
  const { data: job, error, refetch } = useJob(id || undefined)
  const title = t(`import.title.${kind}`)
  if (!id) {
    return (
      <>
        <PageHead title={title} verdict={t(`import.verdict.${kind}`)} />
        <Steps at={1} />
        <ImportStart kind={kind} />
      </>
    )
  }
  if (error) {
    return (
      <>
        <PageHead title={title} />
        <ErrorBox error={error} onRetry={() => void refetch()} />
      </>
    )
  }
  if (!job) return <Skeleton rows={8} />
  return (
    <>
      <PageHead
        title={title}
        tone={toneOf(job)}
        verdict={<Verdict job={job} />}
        actions={<JobActions job={job} right={TARGETS[kind].right} />}
      />
      <Steps at={stepOf(job)} />
      <ImportCheck key={job.job_id} job={job} kind={kind} />
    </>
  )
}

function Steps({ at }: { at: number }) {
  const { t } = useTranslation('numbers')
  return (
    <ol className="numbers-steps" aria-label={t('import.steps')} data-testid="import.steps">
      {STEPS.map((step, index) => (
        <li key={step} aria-current={index === at ? 'step' : undefined}>
          <span aria-hidden="true">{index + 1}</span> {t(`import.step.${step}`)}
        </li>
      ))}
    </ol>
  )
}

/** Where a job is in the four steps, from 0. */
function stepOf(job: Job): number {
  if (job.state === 'checking' || job.state === 'ready') return 2
  if (job.state === 'cancelled') return job.done > 0 ? 3 : 2
  return job.state === 'failed' && job.changes === 0 ? 2 : 3
}

function toneOf(job: Job) {
  if (job.state === 'failed') return 'bad'
  return job.failed > 0 ? 'warn' : 'plain'
}

/** What will happen, happens, or has happened to the rows, in one sentence. */
function Verdict({ job }: { job: Job }) {
  const { t } = useTranslation('numbers')
  return t(`import.is.${job.state}`, {
    total: formatCount(job.total),
    changes: formatCount(job.changes),
    unchanged: formatCount(job.unchanged),
    failed: formatCount(job.failed),
    done: formatCount(job.done),
  })
}
