import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Schema } from '@/api/client'
import { ErrorBox } from '@/kit/ErrorBox'
import { MaskedNumber } from '@/kit/MaskedNumber'
import { type Outcome, OutcomeChip } from '@/kit/OutcomeChip'
import { Skeleton } from '@/kit/Skeleton'
import { DurationText, TimeText } from '@/kit/Texts'

type Binding = Schema<'BindingView'>
type Call = Schema<'CallView'> & { outcome?: string | null }

const SHOWN = 10
const WEEK_MS = 7 * 24 * 3_600_000

/** The first few live bindings of a number; the list of bindings has all. */
export function BindingsOfNumber({ number }: { number: string }) {
  const { t } = useTranslation('numbers')
  const query = { x: number, limit: SHOWN }
  const { data, error, refetch } = useQuery({
    queryKey: ['/bindings', undefined, query],
    queryFn: () => ask<{ items: Binding[] }>('GET', '/bindings', { query }),
  })
  return (
    <section className="mk-card" data-testid="number.bindings">
      <div className="numbers-head">
        <h2>{t('one.bindings')}</h2>
        <Link to="/bindings" search={{ x: number } as never}>
          {t('one.allBindings')}
        </Link>
      </div>
      {error && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton rows={3} />}
      {data?.items.length === 0 && <p className="mk-quiet">{t('one.noBindings')}</p>}
      {data && data.items.length > 0 && (
        <table className="numbers-table">
          <thead>
            <tr>
              <th scope="col">{t('one.bound_at')}</th>
              <th scope="col">A</th>
              <th scope="col">B</th>
              <th scope="col">{t('one.expires')}</th>
              <th scope="col">
                <span className="mk-visually-hidden">{t('find.open')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.items.map((one) => (
              <tr key={one.binding_id} data-id={one.binding_id}>
                <td>
                  <TimeText at={one.created_at} />
                </td>
                <td>
                  <MaskedNumber masked={one.a} role="A" />
                </td>
                <td>
                  {one.extension ? `E ${one.extension}` : <MaskedNumber masked={one.b} role="B" />}
                </td>
                <td>{one.expires_at ? <TimeText at={one.expires_at} /> : t('one.forever')}</td>
                <td>
                  <Link to="/bindings/$id" params={{ id: one.binding_id } as never}>
                    {t('find.open')}
                  </Link>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

/** The newest calls through a number in the last seven days. */
export function CallsOfNumber({ number }: { number: string }) {
  const { t } = useTranslation('numbers')
  const query = useMemo(
    () => ({ x: number, limit: SHOWN, since: new Date(Date.now() - WEEK_MS).toISOString() }),
    [number],
  )
  const { data, error, refetch } = useQuery({
    queryKey: ['/records', undefined, query],
    queryFn: () => ask<{ items: Call[] }>('GET', '/records', { query }),
  })
  return (
    <section className="mk-card" data-testid="number.calls">
      <div className="numbers-head">
        <h2>{t('one.calls')}</h2>
        <Link to="/calls" search={{ x: number, range: '7d' } as never}>
          {t('one.allCalls')}
        </Link>
      </div>
      {error && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton rows={3} />}
      {data?.items.length === 0 && <p className="mk-quiet">{t('one.noCalls')}</p>}
      {data && data.items.length > 0 && <Calls calls={data.items} />}
    </section>
  )
}

export function Calls({ calls }: { calls: readonly Call[] }) {
  const { t } = useTranslation('numbers')
  return (
    <table className="numbers-table">
      <thead>
        <tr>
          <th scope="col">{t('one.began')}</th>
          <th scope="col">{t('one.outcome')}</th>
          <th scope="col">{t('one.caller')}</th>
          <th scope="col">{t('one.callee')}</th>
          <th scope="col">{t('one.talk')}</th>
          <th scope="col">
            <span className="mk-visually-hidden">{t('find.open')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {calls.map((one) => (
          <tr key={one.session_id} data-id={one.session_id}>
            <td>
              <TimeText at={one.arrived_at} />
            </td>
            <td>
              {one.outcome ? (
                <OutcomeChip outcome={one.outcome as Outcome} code={one.release_code} />
              ) : (
                <code>{one.release_code}</code>
              )}
            </td>
            <td>
              <MaskedNumber masked={one.caller} role={one.caller_role === 'B' ? 'B' : 'A'} />
            </td>
            <td>
              <MaskedNumber masked={one.callee} role={one.caller_role === 'B' ? 'A' : 'B'} />
            </td>
            <td>
              <DurationText s={one.answered_at ? one.talk_time_s : null} />
            </td>
            <td>
              <Link to="/calls/$session" params={{ session: one.session_id } as never}>
                {t('find.open')}
              </Link>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
