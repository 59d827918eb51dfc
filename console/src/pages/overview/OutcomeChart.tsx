import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { useZone } from '@/app/preferences'
import { useRight } from '@/app/SessionContext'
import { formatCount, zoneLabel } from '@/kit/format'
import type { Counts } from '@/pages/statistics/counts'
import { TimeChart } from '@/pages/statistics/TimeChart'

const DAY_MS = 86_400_000
const EVERY_MS = 60_000

/** The calls of the last day by how they ended. */
export function OutcomeChart() {
  const { t } = useTranslation('overview')
  const zone = useZone()
  const mayRead = useRight('statistics.read')
  const minute = Math.floor(Date.now() / EVERY_MS) * EVERY_MS
  const query = {
    kind: 'calls',
    by: 'time',
    step: '15m',
    since: new Date(minute - DAY_MS).toISOString(),
  }
  const { data } = useQuery({
    queryKey: ['/statistics', 'overview'],
    queryFn: () => ask<Counts>('GET', '/statistics', { query }),
    enabled: mayRead,
    refetchInterval: EVERY_MS,
  })
  if (!data) return null
  const all = data.items.reduce((sum, one) => sum + one.count, 0)
  const connected = data.items.reduce((sum, one) => sum + (one.connected ?? 0), 0)
  const said = t('chart.said', {
    count: all,
    all: formatCount(all),
    connected: formatCount(connected),
  })
  return (
    <section className="overview-part">
      <h2>
        {t('chart.title')} ({zoneLabel(zone)})
      </h2>
      <p>{said}</p>
      {all > 0 && <TimeChart counts={data} label={said} height={200} />}
    </section>
  )
}
