import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ask, type Schema } from '@/api/client'
import { useRight } from '@/app/SessionContext'
import { ErrorBox } from '@/kit/ErrorBox'
import { Player } from '@/kit/Player'
import { IdText } from '@/kit/Texts'
import { pushName, type RunEvent, sessionOf } from './model'

const TRIES = 5

/** What is left of the last call whose record came: its ladder, and its recording in place. */
export function AfterPanel({ events }: { events: readonly RunEvent[] }) {
  const { t } = useTranslation('sandbox')
  const mayListen = useRight('recording.listen')
  const mayRead = useRight('call.read')
  const fee = [...events].reverse().find((event) => pushName(event) === 'fee')
  const session = fee && sessionOf(fee)
  const { data: call, error } = useQuery({
    queryKey: ['/calls', session],
    queryFn: () =>
      ask<Schema<'CallView'>>('GET', '/calls/{session_id}', {
        params: { session_id: session ?? '' },
      }),
    enabled: session !== undefined && mayRead,
    // The record is written a moment after its push is on its way.
    retry: TRIES,
  })
  if (!session) return null
  return (
    <section className="mk-card" aria-label={t('after.title')} data-testid="sandbox.after">
      <h2>{t('after.title')}</h2>
      <p className="sandbox-row">
        <IdText id={session} />
        {mayRead && (
          <Link to="/calls/$session" params={{ session }}>
            {t('live.ladder')}
          </Link>
        )}
        {call && t('after.talked', { s: call.talk_time_s ?? 0 })}
      </p>
      {error && <ErrorBox error={error} />}
      {call && !call.recording && <p className="mk-quiet">{t('after.notRecorded')}</p>}
      {call?.recording && !mayListen && <p className="mk-quiet">{t('after.mayNotListen')}</p>}
      {call?.recording && mayListen && <Player name={call.recording} />}
    </section>
  )
}
