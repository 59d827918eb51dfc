import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Schema } from '@/api/client'
import { useRight } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { ErrorBox } from '@/kit/ErrorBox'
import { StateTag } from '@/kit/StateTag'
import { TimeText } from '@/kit/Texts'
import { useAction } from '@/kit/useAction'
import { useOpened } from '@/kit/useOpened'
import { type Application, CALLBACKS, type Callback, useChangeOf } from './application'
import { TrialResult, type Trial as TrialView } from './TrialResult'

type Receiver = Schema<'ReceiverView'>

const RECEIVER = '/applications/{app_key}/receivers/{purpose}'

/** Where its notices go, whether they are taken, and a test of each. */
export function Callbacks({ app }: { app: Application }) {
  const { t } = useTranslation('apps')
  const mayRead = useRight('push.read')
  const query = { app_key: app.app_key }
  const { data, error } = useQuery({
    queryKey: ['/receivers', undefined, query],
    queryFn: () => ask<{ items: Receiver[] }>('GET', '/receivers', { query }),
    enabled: mayRead,
    refetchInterval: 15_000,
  })
  return (
    <section className="mk-card" id="callbacks" data-testid="app.callbacks">
      <h2>{t('section.callbacks')}</h2>
      {error && <ErrorBox error={error} />}
      {CALLBACKS.map((callback) => (
        <OneCallback
          key={callback.field}
          app={app}
          callback={callback}
          trouble={data?.items.find(({ purpose }) => purpose === callback.purpose)}
          isKnown={data !== undefined}
        />
      ))}
    </section>
  )
}

interface Props {
  app: Application
  callback: Callback
  trouble?: Receiver
  isKnown: boolean
}

function OneCallback({ app: latest, callback, trouble, isKnown }: Props) {
  const { t } = useTranslation('apps')
  const mayWrite = useRight('application.write')
  const { field, purpose } = callback
  const [url, setUrl] = useState<string | null>(null)
  const { isBusy, error, act, form, forget } = useAction()
  const app = useOpened(latest, url !== null)
  const change = useChangeOf(app)
  const saved = app[field] ?? ''
  const typed = (url ?? saved).trim()
  const isChanged = url !== null && typed !== saved
  const id = `field-${field}`
  const save = async (event: SyntheticEvent) => {
    event.preventDefault()
    await act(async (requests) => {
      await change(requests, { [field]: typed || null })
      setUrl(null)
      toast(t('saved', { section: t(`field.${field}`) }))
    })
  }
  return (
    <div className="apps-callback" data-testid={`app.callback.${field}`}>
      <form ref={form} className="apps-row" onSubmit={(event) => void save(event)}>
        <label htmlFor={id}>
          {t(`field.${field}`)} <code>{field}</code>
        </label>
        <input
          id={id}
          className="mk-input apps-url"
          type="url"
          maxLength={2048}
          placeholder="https://"
          disabled={!mayWrite}
          value={url ?? saved}
          data-testid={`app.field.${field}`}
          onChange={(event) => setUrl(event.target.value)}
        />
        {mayWrite && isChanged && (
          <>
            <Button type="primary" htmlType="submit" loading={isBusy}>
              {t('save')}
            </Button>
            <Button
              onClick={() => {
                setUrl(null)
                forget()
              }}
            >
              {t('discard')}
            </Button>
          </>
        )}
        {purpose && saved && isKnown && !trouble && <StateTag>{t('callback.fine')}</StateTag>}
        {!saved && <StateTag>{t('callback.unset')}</StateTag>}
      </form>
      <small className="mk-quiet">{t(`callback.what.${field}`)}</small>
      {trouble && <Trouble receiver={trouble} />}
      {error !== null && <ErrorBox error={error} />}
      {purpose && typed && <Trial app={app} purpose={purpose} url={typed} />}
    </div>
  )
}

function Trouble({ receiver }: { receiver: Receiver }) {
  const { t } = useTranslation('apps')
  const client = useQueryClient()
  const mayResend = useRight('push.resend')
  const isDisabled = receiver.state === 'disabled'
  const { app_key, purpose } = receiver
  return (
    <div className="apps-row">
      <StateTag tone="bad">{t(isDisabled ? 'callback.disabled' : 'callback.failing')}</StateTag>
      <span>
        {t('callback.since')} <TimeText at={receiver.since} /> · {receiver.error}
      </span>
      {isDisabled && mayResend && (
        <ConfirmButton
          label={t('callback.enable')}
          level={1}
          size="small"
          effect={t('callback.enableEffect')}
          onConfirm={async () => {
            await ask('POST', `${RECEIVER}/enable`, { params: { app_key, purpose } })
            await client.invalidateQueries({ queryKey: ['/receivers'] })
          }}
        />
      )}
    </div>
  )
}

interface TrialProps {
  app: Application
  purpose: string
  url: string
}

/** Sends a sample to the URL that stands in the field, before it is saved too. */
function Trial({ app, purpose, url }: TrialProps) {
  const { t } = useTranslation('apps')
  const mayTest = useRight('application.write')
  const [isForged, setForged] = useState(false)
  const [trial, setTrial] = useState<TrialView | null>(null)
  const { isBusy, error, act } = useAction()
  if (!mayTest) return null
  const run = () =>
    act(async () => {
      setTrial(null)
      const params = { app_key: app.app_key }
      const body = { purpose, url, with_wrong_digest: isForged }
      setTrial(
        await ask<TrialView>('POST', '/applications/{app_key}/callback-tests', { params, body }),
      )
    })
  return (
    <div className="apps-trial">
      <div className="apps-row">
        <Button
          size="small"
          loading={isBusy}
          data-testid={`app.test.${purpose}`}
          onClick={() => void run()}
        >
          {t(trial ? 'trial.again' : 'trial.run')}
        </Button>
        <label className="apps-forged">
          <input
            type="checkbox"
            checked={isForged}
            onChange={(event) => setForged(event.target.checked)}
          />{' '}
          {t('trial.forged')}
        </label>
      </div>
      <div aria-live="polite">
        {error !== null && <ErrorBox error={error} />}
        {trial && <TrialResult trial={trial} />}
      </div>
    </div>
  )
}
