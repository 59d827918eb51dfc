import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ask, type Schema } from '@/api/client'
import { ErrorBox } from '@/kit/ErrorBox'
import { formatCount } from '@/kit/format'
import { type Outcome, OutcomeChip } from '@/kit/OutcomeChip'
import { Skeleton } from '@/kit/Skeleton'
import { DurationText, NONE, TimeText } from '@/kit/Texts'
import type { Binding } from './binding'

type Call = Schema<'CallView'> & { outcome?: string | null }

const LOOKED_AT = 100

/** The calls of a binding among the newest through its X since it was made. */
export function CallsOfBinding({ binding }: { binding: Binding }) {
  const { t } = useTranslation('bindings')
  const query = { x: binding.x, since: binding.created_at, limit: LOOKED_AT }
  const { data, error, refetch } = useQuery({
    queryKey: ['/records', undefined, query],
    queryFn: () => ask<{ items: Call[]; next?: string | null }>('GET', '/records', { query }),
  })
  const calls = data?.items.filter((call) => call.binding_id === binding.binding_id) ?? []
  return (
    <section className="mk-card" data-testid="binding.calls">
      <div className="bindings-tools">
        <h2>{t('calls.title')}</h2>
        <Link to="/calls" search={{ x: binding.x, range: '31d' } as never}>
          {t('calls.allOfX')}
        </Link>
      </div>
      {error && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton rows={3} />}
      {data?.next && (
        <p className="mk-quiet">{t('calls.bounded', { n: formatCount(LOOKED_AT) })}</p>
      )}
      {data && calls.length === 0 && <p className="mk-quiet">{t('calls.none')}</p>}
      {calls.length > 0 && (
        <ul className="bindings-history">
          {calls.map((call) => (
            <li key={call.session_id} data-id={call.session_id}>
              <Link to="/calls/$session" params={{ session: call.session_id } as never}>
                <TimeText at={call.arrived_at} />
              </Link>{' '}
              {call.outcome ? (
                <OutcomeChip outcome={call.outcome as Outcome} code={call.release_code} />
              ) : (
                <code>{call.release_code}</code>
              )}{' '}
              {t('calls.from', { role: call.caller_role === 'B' ? 'B' : 'A' })}{' '}
              {call.answered_at ? <DurationText s={call.talk_time_s} /> : NONE}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
