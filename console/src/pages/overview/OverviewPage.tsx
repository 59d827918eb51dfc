import './overview.css'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { useRight } from '@/app/SessionContext'
import { CopyCurl } from '@/kit/CopyCurl'
import { ErrorBox } from '@/kit/ErrorBox'
import { PageHead } from '@/kit/PageHead'
import { Skeleton } from '@/kit/Skeleton'
import { TimeText } from '@/kit/Texts'
import { useEvents } from '@/kit/useEvents'
import { Checklist } from './Checklist'
import { OutcomeChart } from './OutcomeChart'
import { type Overview, readingOf } from './overview'
import { Tile } from './Tile'
import { WorstProblems } from './WorstProblems'

const KEY = ['/overview']
const EVERY_MS = 30_000
/** Older than this, what stands there is not known to be true. */
const STALE_MS = 90_000

/** Is all well, and if not, what first? */
export default function OverviewPage() {
  const { t } = useTranslation('overview')
  const { data, error, refetch, isStale } = useOverview()
  const maySeeProblems = useMayOne('call.read', 'push.read')
  const maySeeFirstSteps = useRight('application.read')
  return (
    <>
      <PageHead
        title={t('title')}
        tone={isStale ? 'unknown' : data?.state}
        verdict={data && <Verdict overview={data} isStale={isStale} />}
        actions={<CopyCurl path="/overview" asking={{}} />}
      />
      {error !== null && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {maySeeFirstSteps && <Checklist />}
      {!data && error === null && <Skeleton rows={6} />}
      {data && (
        <section className="overview-tiles" aria-label={t('signals')}>
          {data.signals.map((signal) => (
            <Tile key={signal.name} signal={signal} isStale={isStale} />
          ))}
        </section>
      )}
      {maySeeProblems && <WorstProblems />}
      <OutcomeChart />
    </>
  )
}

function useMayOne(...rights: [string, string]): boolean {
  const first = useRight(rights[0])
  const second = useRight(rights[1])
  return first || second
}

/** The verdict, told by the stream of events and asked for now and then as well. */
function useOverview() {
  const client = useQueryClient()
  const query = useQuery({
    queryKey: KEY,
    queryFn: () => ask<Overview>('GET', '/overview'),
    refetchInterval: EVERY_MS,
  })
  const [isUnknown, setUnknown] = useState(false)
  const [now, setNow] = useState(Date.now())
  useEvents(['overview'], ['overview', 'unknown'], (told, kind) => {
    setUnknown(kind === 'unknown')
    if (kind === 'overview') client.setQueryData(KEY, told)
  })
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 5_000)
    return () => window.clearInterval(timer)
  }, [])
  const isOld = query.dataUpdatedAt > 0 && now - query.dataUpdatedAt > STALE_MS
  return { ...query, isStale: isOld || (isUnknown && query.error !== null) }
}

function Verdict({ overview, isStale }: { overview: Overview; isStale: boolean }) {
  const { t } = useTranslation('overview')
  const bad = overview.signals.filter(({ state }) => state === 'bad' || state === 'warn')
  const worst = [...bad].sort((a, b) => Number(b.state === 'bad') - Number(a.state === 'bad'))
  const said = worst
    .slice(0, 3)
    .map((signal) => t(`trouble.${signal.name}`, { value: readingOf(signal) }))
  return (
    <>
      {isStale ? t('verdict.unknown') : null}
      {!isStale && said.length === 0 && t('verdict.ok')}
      {!isStale && said.length > 0 && said.join(t('verdict.join'))}{' '}
      <span className="mk-quiet">
        <TimeText at={overview.at} />
      </span>
    </>
  )
}
