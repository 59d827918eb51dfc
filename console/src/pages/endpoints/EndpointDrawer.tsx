import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Schema } from '@/api/client'
import { useRight } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { AppName } from '@/kit/AppName'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { DetailDrawer } from '@/kit/DetailDrawer'
import { Fields } from '@/kit/Fields'
import { formatCount, formatShare } from '@/kit/format'
import { JsonBlock } from '@/kit/JsonBlock'
import { StateTag } from '@/kit/StateTag'
import { DurationText, NONE, TimeText } from '@/kit/Texts'
import type { Counts } from '@/pages/statistics/counts'
import { TimeChart } from '@/pages/statistics/TimeChart'
import { type Endpoint, stateOf, TONES } from './endpoint'

interface Props {
  endpoint: Endpoint
  onClose: () => void
  onNext: () => void
  onPrevious: () => void
}

const DAY_MS = 86_400_000

/** One callback URL: how well it does, a test push, and letting it be pushed to again. */
export function EndpointDrawer({ endpoint, ...moves }: Props) {
  const { t } = useTranslation(['endpoints', 'kit'])
  const mayRepair = useRight('push.resend')
  const { app, purpose, url, trouble } = endpoint
  const search = { app_key: app.app_key, purpose }
  return (
    <DetailDrawer
      title={`${app.name} · ${t(`kit:push.purpose.${purpose}`)}`}
      testId="endpoints.detail"
      {...moves}
    >
      <p>
        <Link to={'/pushes' as never} search={search as never}>
          {t('itsPushes')}
        </Link>
        {' · '}
        <Link to={'/pushes/dead' as never} search={search as never}>
          {t('itsDead')}
        </Link>
      </p>
      <Fields
        fields={[
          { label: t('kit:app'), value: <AppName appKey={app.app_key} /> },
          { label: 'URL', value: <code className="endpoints-url">{url}</code> },
          {
            label: t('column.state'),
            value: (
              <StateTag tone={TONES[stateOf(endpoint)]}>{t(`state.${stateOf(endpoint)}`)}</StateTag>
            ),
          },
          { label: t('column.since'), value: <TimeText at={trouble?.since} /> },
          { label: t('column.error'), value: trouble?.error ?? NONE },
        ]}
      />
      {mayRepair && <Repair endpoint={endpoint} />}
      <Health endpoint={endpoint} />
    </DetailDrawer>
  )
}

type Trial = Schema<'TrialView'>

function Repair({ endpoint: { app, purpose, trouble } }: { endpoint: Endpoint }) {
  const { t } = useTranslation('endpoints')
  const client = useQueryClient()
  const [trial, setTrial] = useState<Trial | null>(null)
  const params = { app_key: app.app_key, purpose }
  return (
    <>
      <div className="mk-actions">
        <ConfirmButton
          label={t('test.label')}
          level={0}
          testId="endpoints.test"
          onConfirm={async () =>
            setTrial(
              await ask<Trial>('POST', '/applications/{app_key}/receivers/{purpose}/test', {
                params,
              }),
            )
          }
        />
        {trouble && (
          <ConfirmButton
            label={t('enable.label')}
            level={1}
            effect={<p>{t('enable.effect')}</p>}
            testId="endpoints.enable"
            onConfirm={async () => {
              await ask('POST', '/applications/{app_key}/receivers/{purpose}/enable', { params })
              await client.invalidateQueries({ queryKey: ['/receivers'] })
              toast(t('enable.done'))
            }}
          />
        )}
      </div>
      {trial && (
        <div role="status">
          <p>
            <StateTag tone={trial.accepted ? 'ok' : 'bad'}>
              {trial.accepted
                ? t('test.accepted', { status: trial.status })
                : t('test.refused', { why: trial.error ?? trial.status })}
            </StateTag>{' '}
            <DurationText ms={trial.took_ms} />
          </p>
          <JsonBlock value={trial.body} label={t('test.body')} />
        </div>
      )}
    </>
  )
}

/** The last day of its application's pushes, and of this kind among them. */
function Health({ endpoint: { app, purpose } }: { endpoint: Endpoint }) {
  const { t } = useTranslation('endpoints')
  const mayRead = useRight('statistics.read')
  const hour = Math.floor(Date.now() / 900_000) * 900_000
  const query = {
    kind: 'pushes',
    app_key: app.app_key,
    step: '15m',
    since: new Date(hour - DAY_MS).toISOString(),
  }
  const counts = (by: string) => ({
    queryKey: ['/statistics', undefined, { ...query, by }],
    queryFn: () => ask<Counts>('GET', '/statistics', { query: { ...query, by } }),
    enabled: mayRead,
  })
  const { data: kinds } = useQuery(counts('code'))
  const { data: course } = useQuery(counts('time'))
  if (!kinds || !course) return null
  const own = kinds.items.find(({ key }) => key === purpose)
  const said = own
    ? t('health.said', {
        count: own.count,
        n: formatCount(own.count),
        share: formatShare(own.first_try_ok ?? 0, own.first_tries ?? 0),
      })
    : t('health.none')
  return (
    <section>
      <h3>{t('health.title')}</h3>
      <p>
        {said} {own && <DurationText ms={own.took_ms} />}
      </p>
      {course.items.length > 0 && (
        <>
          <p className="mk-quiet">{t('health.course')}</p>
          <TimeChart counts={course} label={said} height={180} />
        </>
      )}
    </section>
  )
}
