import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { type DragEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { urlOf } from '@/api/client'
import { CopyCurl } from '@/kit/CopyCurl'
import { ErrorBox } from '@/kit/ErrorBox'
import { formatBytes, formatCount } from '@/kit/format'
import { JobLine } from '@/kit/JobTray'
import { useAction } from '@/kit/useAction'
import { type Job, useJobs } from '@/kit/useJob'
import { type ImportKind, MAX_BYTES, PLACES } from './importKind'

/** Steps 1 and 2: the template and the file. The server reads it; nothing is changed by it. */
export function ImportStart({ kind }: { kind: ImportKind }) {
  const { t } = useTranslation('numbers')
  const place = PLACES[kind]
  return (
    <>
      <section className="mk-card">
        <h2>{t('import.step.template')}</h2>
        <p>{t(`import.columns.${kind}`)}</p>
        <a
          className="mk-button"
          href={urlOf(`${place.path}/template`)}
          download={`${kind}.xlsx`}
          data-testid="import.template"
        >
          {t('import.template')}
        </a>
      </section>
      <section className="mk-card">
        <div className="numbers-head">
          <h2>{t('import.step.upload')}</h2>
          <CopyCurl method="POST" path={place.path} asking={{ query: { name: 'numbers.xlsx' } }} />
        </div>
        <p className="mk-quiet">
          {t('import.limits', { rows: formatCount(place.maxRows), size: formatBytes(MAX_BYTES) })}
        </p>
        <UploadBox kind={kind} />
      </section>
      <Earlier kind={kind} />
    </>
  )
}

/** Takes a workbook by choice or by drop, and goes to the page of its import. */
export function UploadBox({ kind, label }: { kind: ImportKind; label?: string }) {
  const { t } = useTranslation('numbers')
  const navigate = useNavigate()
  const client = useQueryClient()
  const input = useRef<HTMLInputElement>(null)
  const [trouble, setTrouble] = useState('')
  const { isBusy, error, act } = useAction()
  const { path, jobPage } = PLACES[kind]
  const upload = async (file: File | undefined) => {
    if (!file) return
    setTrouble('')
    if (!file.name.toLowerCase().endsWith('.xlsx')) return setTrouble(t('import.onlyXlsx'))
    if (file.size > MAX_BYTES)
      return setTrouble(t('import.tooLarge', { size: formatBytes(file.size) }))
    await act(async ({ send }) => {
      const job = await send<Job>('POST', path, { query: { name: file.name }, file })
      await client.invalidateQueries({ queryKey: ['/jobs'] })
      await navigate({ to: jobPage, params: { job: job.job_id } as never })
    })
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    void upload(event.dataTransfer.files[0])
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a short cut for the button
    <div className="numbers-drop" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <input
        ref={input}
        type="file"
        accept=".xlsx"
        hidden
        aria-label={t('import.file')}
        data-testid="import.file"
        onChange={(event) => {
          void upload(event.target.files?.[0])
          event.target.value = ''
        }}
      />
      <Button
        type={label ? 'default' : 'primary'}
        loading={isBusy}
        onClick={() => input.current?.click()}
      >
        {label ?? t('import.choose')}
      </Button>
      {!label && <span className="mk-quiet">{t('import.drop')}</span>}
      {trouble && (
        <p className="mk-error" role="alert">
          {trouble}
        </p>
      )}
      {error !== null && <ErrorBox error={error} title={t('import.refused')} />}
    </div>
  )
}

/** What was begun before, so that it can be gone on with. */
function Earlier({ kind }: { kind: ImportKind }) {
  const { t } = useTranslation('numbers')
  const { data } = useJobs(false)
  const own = data?.items.filter((job) => job.kind === kind) ?? []
  if (own.length === 0) return null
  return (
    <section className="mk-card">
      <h2>{t('import.earlier')}</h2>
      <ul className="mk-jobs">
        {own.map((job) => (
          <li key={job.job_id}>
            <JobLine job={job} />
          </li>
        ))}
      </ul>
    </section>
  )
}
