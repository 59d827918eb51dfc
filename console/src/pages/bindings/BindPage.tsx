import './bindings.css'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '@/app/SessionContext'
import { CopyCurl } from '@/kit/CopyCurl'
import { EmptyState } from '@/kit/EmptyState'
import { ErrorBox } from '@/kit/ErrorBox'
import { JsonBlock } from '@/kit/JsonBlock'
import { PageHead } from '@/kit/PageHead'
import { IdText, NumberText } from '@/kit/Texts'
import { useAction } from '@/kit/useAction'
import { type Application, useApplications } from '@/kit/useDirectory'
import { useUrl } from '@/kit/useUrl'
import type { Binding } from './binding'
import { FieldInputs } from './FieldInputs'
import { bodyOf, FIELDS, type FormMode, type Values } from './form'
import { useSaid, useTroubles } from './useTroubles'
import { requestOf } from './wire'

/** Bind by hand, and see what a program would send for it. */
export default function BindPage() {
  const { t } = useTranslation('bindings')
  const [url, change] = useUrl()
  const apps = useApplications()
  const mayWrite = useRight('binding.write')
  const fitting = apps.items.filter((app) => mayWrite || app.is_sandbox)
  const app = apps.byKey.get(url.app ?? '')
  return (
    <>
      <PageHead title={t('bind.title')} verdict={t('bind.verdict')} />
      {!mayWrite && <p className="mk-quiet">{t('bind.sandboxOnly')}</p>}
      {apps.isKnown && fitting.length === 0 ? (
        <EmptyState title={t('bind.noApp')} />
      ) : (
        <label className="bindings-app">
          {t('column.app')}
          <select
            className="mk-select"
            value={app?.app_key ?? ''}
            data-testid="bind.app"
            onChange={(event) => change({ app: event.target.value, x: null, relation: null })}
          >
            <option value="">{t('bind.chooseApp')}</option>
            {fitting.map(({ app_key, name, mode }) => (
              <option key={app_key} value={app_key}>
                {name} ({mode.toUpperCase()})
              </option>
            ))}
          </select>
        </label>
      )}
      {app?.mode === 'x' && <EmptyState title={t('bind.modeX')}>{t('bind.modeXText')}</EmptyState>}
      {app && app.mode !== 'x' && (
        <BindForm
          key={`${app.app_key} ${url.relation ?? ''}`}
          app={app}
          mode={app.mode === 'axyb' && url.relation ? 'yb' : app.mode}
          first={{ x: url.x ?? '' }}
          relation={url.relation}
        />
      )}
    </>
  )
}

interface FormProps {
  app: Application
  mode: FormMode
  first: Values
  /** The relation of AXYB that gets another B. */
  relation?: string
}

function BindForm({ app, mode, first, relation }: FormProps) {
  const { t } = useTranslation('bindings')
  const client = useQueryClient()
  const said = useSaid()
  const fields = FIELDS.filter(({ wire }) => wire[mode])
  const [values, setValues] = useState<Values>(first)
  const { isBusy, error, act, form } = useAction()
  const [bound, setBound] = useState<Binding | null>(null)
  const names = fields.map(({ name }) => name)
  const { troubles, atHead } = useTroubles(error, names)
  const body = { ...(relation && { relation_id: relation }), ...bodyOf(mode, values) }
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    await act(async ({ send }) => {
      const made = await send<Binding>('POST', '/bindings', {
        body: { app_key: app.app_key, ...body },
      })
      setBound(made)
      await Promise.all(
        ['/bindings', '/numbers'].map((path) => client.invalidateQueries({ queryKey: [path] })),
      )
    })
  }
  if (bound) return <Bound binding={bound} onAgain={() => setBound(null)} />
  return (
    <div className="bindings-two">
      <form
        ref={form}
        className="mk-card"
        data-testid="bind.form"
        onSubmit={(event) => void submit(event)}
      >
        {atHead !== null && <ErrorBox error={atHead} title={said(atHead)} />}
        {relation && (
          <p>
            {t('bind.toRelation')} <IdText id={relation} />
          </p>
        )}
        <FieldInputs
          mode={mode}
          fields={fields}
          values={values}
          troubles={troubles}
          onChange={(name, value) => setValues((before) => ({ ...before, [name]: value }))}
        />
        <div className="mk-actions">
          <Button type="primary" htmlType="submit" loading={isBusy} data-testid="bind.submit">
            {t('bind.submit')}
          </Button>
        </div>
      </form>
      <RequestBeside app={app} mode={mode} body={body} />
    </div>
  )
}

/** What a program of the customer would send for the same; it follows the form. */
function RequestBeside({ app, mode, body }: { app: Application; mode: FormMode; body: object }) {
  const { t } = useTranslation('bindings')
  const request = requestOf(mode, app.app_key, body as Record<string, unknown>)
  return (
    <section className="mk-card" data-testid="bind.request">
      <h2>{t('bind.request')}</h2>
      <p className="mk-quiet">{t('bind.requestText')}</p>
      <p>
        <code>
          {request.method} {request.path}
        </code>
      </p>
      <JsonBlock value={request.body} label={t('bind.request')} />
      <CopyCurl
        method="POST"
        path="/bindings"
        asking={{ body: { app_key: app.app_key, ...body } }}
      />
    </section>
  )
}

function Bound({ binding, onAgain }: { binding: Binding; onAgain: () => void }) {
  const { t } = useTranslation('bindings')
  return (
    <section className="mk-card" role="status" data-testid="bind.done">
      <h2>{t('bind.done')}</h2>
      <p>
        X <NumberText number={binding.x} />
        {binding.extension && (
          <>
            {' '}
            E <span className="mk-number">{binding.extension}</span>
          </>
        )}
        {binding.y && (
          <>
            {' '}
            Y <NumberText number={binding.y} />
          </>
        )}
      </p>
      <p>
        {t('column.id')} <IdText id={binding.binding_id} isWhole />
      </p>
      <div className="mk-actions">
        <Button data-testid="bind.again" onClick={onAgain}>
          {t('bind.again')}
        </Button>
        <Link to="/bindings/$id" params={{ id: binding.binding_id } as never}>
          {t('bind.toBinding')}
        </Link>
      </div>
    </section>
  )
}
