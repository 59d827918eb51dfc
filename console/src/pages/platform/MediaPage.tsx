import './platform.css'
import { useTranslation } from 'react-i18next'
import { CopyCurl } from '@/kit/CopyCurl'
import { ErrorBox } from '@/kit/ErrorBox'
import { Fields } from '@/kit/Fields'
import { formatCount } from '@/kit/format'
import { PageHead } from '@/kit/PageHead'
import { Skeleton } from '@/kit/Skeleton'
import { ENGINE_TONES, useEngines } from './parts'
import { Told, WorkerState } from './WorkerState'

/** What carries the sound of calls, and does it answer? */
export default function MediaPage() {
  const { t } = useTranslation('platform')
  const { data, error, refetch } = useEngines()
  return (
    <>
      <PageHead
        title={t('media.title')}
        {...useVerdict()}
        actions={<CopyCurl path="/media-engines" asking={{}} />}
      />
      {error && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton rows={4} />}
      {data && <p className="mk-quiet">{t(`media.kind.${data.kind}`)}</p>}
      <div className="platform-parts">
        {data?.items.map((one) => (
          <section
            key={`${one.worker} ${one.name}`}
            className="mk-card"
            data-testid="platform.engine"
          >
            <h2>{one.name}</h2>
            <Fields
              fields={[
                {
                  label: t('column.state'),
                  value: (
                    <WorkerState part={one} tone={ENGINE_TONES[one.condition]}>
                      {t(`media.condition.${one.condition}`)}
                    </WorkerState>
                  ),
                },
                {
                  label: t('column.callsNow'),
                  value: one.calls === null ? t('unknown') : formatCount(one.calls),
                },
                { label: t('column.worker'), value: one.worker },
                { label: t('workers.told'), value: <Told ageS={one.age_s} /> },
              ]}
            />
          </section>
        ))}
      </div>
    </>
  )
}

function useVerdict() {
  const { t } = useTranslation('platform')
  const { data, error } = useEngines()
  if (error) return { tone: 'unknown', verdict: t('media.unread') } as const
  if (!data) return {}
  const items = data.items.filter((one) => !one.is_stale)
  if (items.length === 0) return { tone: 'unknown', verdict: t('media.unknown') } as const
  const silent = new Set(data.items.filter((one) => one.is_stale).map(({ worker }) => worker))
  const up = items.filter(({ condition }) => condition === 'up').length
  if (up === items.length && silent.size > 0) {
    const names = [...silent].join(', ')
    return { tone: 'warn', verdict: t('media.silent', { count: silent.size, names }) } as const
  }
  if (up === items.length) return { tone: 'ok', verdict: t('media.ok', { count: up }) } as const
  return {
    tone: up === 0 ? 'bad' : 'warn',
    verdict: up === 0 ? t('media.none') : t('media.some', { up, all: items.length }),
  } as const
}
