import './sandbox.css'
import { useQuery } from '@tanstack/react-query'
import { Button, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { useSession } from '@/app/SessionContext'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { EmptyState } from '@/kit/EmptyState'
import { ErrorBox } from '@/kit/ErrorBox'
import { PageHead } from '@/kit/PageHead'
import { Skeleton } from '@/kit/Skeleton'
import { useAction } from '@/kit/useAction'
import { useUrl } from '@/kit/useUrl'
import { CodePanel } from './CodePanel'
import type { Mode } from './model'
import { NoLab } from './NoLab'
import { RunView } from './RunView'
import { useRun } from './useRun'

interface App {
  app_key: string
  name: string
  mode: Mode
  state: string
  may_record: boolean
}

const MOST_APPS = 100

/** How it works, whether one's own server understands it, and what users would hear. */
export default function SandboxPage() {
  const { t } = useTranslation('sandbox')
  const { features } = useSession()
  const [url, change] = useUrl()
  const own = useRun()
  const apps = useQuery({
    queryKey: ['/applications', 'sandbox'],
    queryFn: () => ask<{ items: App[] }>('GET', '/applications', { query: { limit: MOST_APPS } }),
  })
  const key = own.run?.app_key ?? url.app ?? ''
  const app = apps.data?.items.find((one) => one.app_key === key) ?? apps.data?.items[0]
  const error = apps.error ?? (features.sandbox ? own.error : null)
  if (error) {
    const retry = () => void Promise.all([apps.refetch(), own.refetch()])
    return (
      <>
        <PageHead title={t('title')} />
        <ErrorBox error={error} onRetry={retry} />
      </>
    )
  }
  if (!apps.data || (features.sandbox && own.isPending)) return <Skeleton rows={10} />
  if (!app) {
    return (
      <>
        <PageHead title={t('title')} verdict={t('verdict.noApp')} tone="warn" />
        <EmptyState title={t('noApp')}>{t('noAppHint')}</EmptyState>
      </>
    )
  }
  const verdict = features.sandbox
    ? own.run
      ? 'verdict.running'
      : 'verdict.ready'
    : 'verdict.none'
  return (
    <>
      <PageHead
        title={t('title')}
        verdict={t(verdict, { app: app.name })}
        tone={features.sandbox ? 'plain' : 'warn'}
        actions={
          own.run && (
            <ConfirmButton
              label={t('end')}
              level={0}
              testId="sandbox.end"
              onConfirm={async () => {
                const params = { run_id: own.run?.run_id ?? '' }
                await ask('DELETE', '/sandbox/runs/{run_id}', { params })
                await own.look()
              }}
            />
          )
        }
      />
      <div className="sandbox-row sandbox-choice">
        <div className="sandbox-row">
          {t('app')}
          <Select
            aria-label={t('app')}
            value={app.app_key}
            disabled={own.run !== undefined}
            onChange={(chosen) => change({ app: chosen }, { replace: true })}
            options={apps.data.items.map((one) => ({
              value: one.app_key,
              label: `${one.name} (${one.mode.toUpperCase()})`,
            }))}
            showSearch={{ optionFilterProp: 'label' }}
            data-testid="sandbox.app"
          />
        </div>
        {own.run && <span className="mk-quiet">{t('appFixed')}</span>}
        {features.sandbox && !own.run && <Start appKey={app.app_key} onStarted={own.look} />}
      </div>
      {own.run ? (
        <RunView run={own.run} mode={app.mode} mayRecord={app.may_record} onUsed={own.look} />
      ) : (
        <>
          {!features.sandbox && <NoLab appKey={app.app_key} />}
          <CodePanel
            appKey={app.app_key}
            known=""
            mayRecord={app.may_record}
            canRun={false}
            onRun={() => {}}
          />
        </>
      )}
    </>
  )
}

function Start({ appKey, onStarted }: { appKey: string; onStarted: () => unknown }) {
  const { t } = useTranslation('sandbox')
  const [receiver, setReceiver] = useState<'built_in' | 'own'>('built_in')
  const { isBusy, error, act } = useAction()
  const start = async () => {
    await act(async ({ send }) => {
      await send('POST', '/sandbox/runs', { body: { app_key: appKey, receiver } })
      await onStarted()
    })
  }
  return (
    <>
      <Segmented
        aria-label={t('receiver.who')}
        value={receiver}
        onChange={setReceiver}
        options={[
          { value: 'built_in', label: t('receiver.useBuiltIn') },
          { value: 'own', label: t('receiver.useOwn') },
        ]}
      />
      <Button
        type="primary"
        loading={isBusy}
        onClick={() => void start()}
        data-testid="sandbox.start"
      >
        {t('start')}
      </Button>
      {error !== null && <ErrorBox error={error} />}
    </>
  )
}
