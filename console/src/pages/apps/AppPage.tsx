import './apps.css'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { useRight, useSession } from '@/app/SessionContext'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { CopyCurl } from '@/kit/CopyCurl'
import { ErrorBox } from '@/kit/ErrorBox'
import { Fields } from '@/kit/Fields'
import { PageHead } from '@/kit/PageHead'
import { Skeleton } from '@/kit/Skeleton'
import { IdText, TimeText } from '@/kit/Texts'
import { usePathParam } from '@/kit/useUrl'
import { AppState } from './AppsPage'
import { type Application, useChangeOf } from './application'
import { Callbacks } from './Callbacks'
import { Keys } from './Keys'
import { Labels } from './Labels'
import { NumberPool } from './NumberPool'
import { SectionForm } from './SectionForm'

const WITH_MESSAGES = ['ax', 'axb', 'x']

/** Is this application set up right, and does my server answer right? */
export default function AppPage() {
  const { t } = useTranslation('apps')
  const key = usePathParam('key')
  const { data, error, refetch } = useQuery({
    queryKey: ['/applications', key],
    queryFn: () => ask<Application>('GET', '/applications/{app_key}', { params: { app_key: key } }),
  })
  if (error && !data) {
    return (
      <>
        <PageHead title={t('one')} />
        <ErrorBox error={error} onRetry={() => void refetch()} />
      </>
    )
  }
  return data ? <Detail key={data.app_key} app={data} /> : <Skeleton rows={12} />
}

function Detail({ app }: { app: Application }) {
  const { t } = useTranslation('apps')
  const mayKeys = useRight('secret.write')
  const mayNumbers = useRight('number.read')
  const mayAudit = useRight('audit.read')
  const { tenant } = useSession()
  const isMandatory = app.notes.some((note) => note.is_mandatory)
  const verdict =
    app.state === 'suspended'
      ? t('verdictOf.suspended')
      : t(isMandatory ? 'verdictOf.lacking' : app.notes.length ? 'verdictOf.noted' : 'verdictOf.ok')
  return (
    <>
      <PageHead
        title={app.name}
        tone={app.state === 'suspended' || isMandatory ? 'warn' : 'plain'}
        verdict={verdict}
        actions={
          <CopyCurl path="/applications/{app_key}" asking={{ params: { app_key: app.app_key } }} />
        }
      />
      <Notes app={app} />
      <SectionForm app={app} section="identity">
        <Fields
          fields={[
            { label: t('column.key'), wire: 'appKey', value: <IdText id={app.app_key} isWhole /> },
            { label: t('column.mode'), value: t(`mode.${app.mode}`) },
            ...(app.mode === 'axe'
              ? [{ label: t('field.extension_digits'), value: String(app.extension_digits) }]
              : []),
            { label: t('column.state'), value: <AppState app={app} /> },
            ...(tenant ? [] : [{ label: t('tenant'), value: app.tenant_id }]),
            { label: t('column.created'), value: <TimeText at={app.created_at} /> },
          ]}
        />
      </SectionForm>
      <Labels app={app} />
      {mayKeys && <Keys app={app} />}
      <Callbacks app={app} />
      <SectionForm app={app} section="features" />
      <SectionForm app={app} section="slots" />
      {app.mode === 'axe' && <SectionForm app={app} section="axe" />}
      {WITH_MESSAGES.includes(app.mode) && <SectionForm app={app} section="messages" />}
      <SectionForm app={app} section="limits" />
      {app.mode !== 'x' && <SectionForm app={app} section="choice" />}
      {mayNumbers && <NumberPool app={app} />}
      {mayAudit && (
        <section className="mk-card">
          <h2>{t('history.title')}</h2>
          <Link
            to="/settings/audit"
            search={{ object: `/applications/${app.app_key}`, range: '31d' } as never}
          >
            {t('history.open')}
          </Link>
        </section>
      )}
      <Pause app={app} />
    </>
  )
}

/** What it lacks, what is mandatory first, each with the way to its field. */
function Notes({ app }: { app: Application }) {
  const { t } = useTranslation('apps')
  if (app.notes.length === 0) return null
  return (
    <ul className="apps-notes" data-testid="app.notes">
      {app.notes.map(({ code, field, text, is_mandatory: isMandatory }) => (
        <li key={code} className={isMandatory ? 'is-mandatory' : undefined}>
          {isMandatory && <strong>{t('mandatory')} </strong>}
          {t(`note.${code}`, { defaultValue: text, mode: app.mode.toUpperCase() })}{' '}
          <a
            href={`#field-${field}`}
            onClick={(event) => {
              event.preventDefault()
              const target = document.getElementById(`field-${field}`)
              target?.scrollIntoView({ block: 'center' })
              target?.focus()
            }}
          >
            {t('toField')}
          </a>
        </li>
      ))}
    </ul>
  )
}

/** Apart from the rest, at the end: its effect is on every call. */
function Pause({ app }: { app: Application }) {
  const { t } = useTranslation('apps')
  const mayPause = useRight('application.pause')
  const change = useChangeOf(app)
  if (!mayPause) return null
  const isPaused = app.state === 'suspended'
  const verb = isPaused ? 'resume' : 'suspend'
  return (
    <section className="mk-card" data-testid="app.pause">
      <h2>{t(`${verb}.title`)}</h2>
      <p>{t(`${verb}.text`)}</p>
      <ConfirmButton
        label={t(`${verb}.go`, { name: app.name })}
        level={2}
        danger={!isPaused}
        effect={t(`${verb}.effect`)}
        testId="app.pause.go"
        onConfirm={(requests) => change(requests, { state: isPaused ? 'normal' : 'suspended' })}
      />
    </section>
  )
}
