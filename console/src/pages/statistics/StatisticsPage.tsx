import './statistics.css'
import { useQuery } from '@tanstack/react-query'
import { Tabs } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Query } from '@/api/client'
import { useZone } from '@/app/preferences'
import { CopyCurl } from '@/kit/CopyCurl'
import { EmptyState } from '@/kit/EmptyState'
import { ErrorBox } from '@/kit/ErrorBox'
import { FilterBar } from '@/kit/FilterBar'
import { formatCount, formatShare, zoneLabel } from '@/kit/format'
import { PageHead } from '@/kit/PageHead'
import { Skeleton } from '@/kit/Skeleton'
import { useAppFilter } from '@/kit/useAppFilter'
import { type Filter, useFilters } from '@/kit/useFilters'
import { useUrl } from '@/kit/useUrl'
import { CountTable } from './CountTable'
import type { By, Counts, Kind } from './counts'
import { sumOf } from './counts'
import { TimeChart } from './TimeChart'

const KINDS: readonly Kind[] = ['calls', 'pushes', 'api']
const PARTS: Record<Kind, readonly By[]> = {
  calls: ['outcome', 'code', 'application', 'city', 'number'],
  pushes: ['code', 'application'],
  api: ['code', 'application'],
}
const HOUR_MS = 3_600_000

/** How much, how well, why not? */
export default function StatisticsPage() {
  const { t } = useTranslation('statistics')
  const app = useAppFilter()
  const choices = useMemo<Filter[]>(
    () => [
      {
        name: 'range',
        label: t('filter.range'),
        kind: 'range',
        usual: '7d',
        from: 'since',
        until: 'until',
      },
      app,
    ],
    [t, app],
  )
  const filters = useFilters(choices)
  const [url, change] = useUrl()
  const kind = KINDS.find((one) => one === url.kind) ?? 'calls'
  const asked = useAsked(filters.query, kind)
  const course = useCounts({ ...asked, by: 'time' })
  return (
    <>
      <PageHead
        title={t('title')}
        verdict={course.data && <Verdict counts={course.data} />}
        actions={<CopyCurl path="/statistics" asking={{ query: { ...asked, by: 'time' } }} />}
      />
      <FilterBar area="statistics" filters={choices} state={filters} />
      <Tabs
        activeKey={kind}
        onChange={(chosen) => change({ kind: chosen, by: null })}
        destroyOnHidden
        items={KINDS.map((one) => ({
          key: one,
          label: t(`kind.${one}`),
          children: one === kind && (
            <>
              <Course counts={course.data} error={course.error} onRetry={course.refetch} />
              <Parts asked={asked} kind={kind} />
            </>
          ),
        }))}
      />
    </>
  )
}

/** The question: the step follows from how long the time is. */
function useAsked(query: Query, kind: Kind): Query {
  const zone = useZone()
  const until = query.until ? Date.parse(String(query.until)) : Date.now()
  const hours = (until - Date.parse(String(query.since))) / HOUR_MS
  const step = hours <= 25 ? '15m' : hours <= 24 * 8 ? 'hour' : 'day'
  return { kind, step, since: query.since, until: query.until, app_key: query.app_key, zone }
}

function useCounts(query: Query) {
  return useQuery({
    queryKey: ['/statistics', undefined, query],
    queryFn: ({ signal }) => ask<Counts>('GET', '/statistics', { query, signal }),
    placeholderData: (before) => (before?.kind === query.kind ? before : undefined),
  })
}

function Verdict({ counts }: { counts: Counts }) {
  const { t } = useTranslation('statistics')
  const count = sumOf(counts, 'count')
  if (count === 0) return t('verdict.nothing')
  const n = formatCount(count)
  switch (counts.kind) {
    case 'calls':
      return t('verdict.calls', {
        count,
        n,
        share: formatShare(sumOf(counts, 'connected'), count),
        minutes: formatCount(Math.round(sumOf(counts, 'talk_s') / 60)),
      })
    case 'pushes':
      return t('verdict.pushes', {
        count,
        n,
        share: formatShare(sumOf(counts, 'first_try_ok'), sumOf(counts, 'first_tries')),
      })
    default:
      return t('verdict.api', { count, n, share: formatShare(sumOf(counts, 'failed'), count) })
  }
}

interface CourseProps {
  counts?: Counts
  error: unknown
  onRetry: () => unknown
}

/** The chart over time, and the same as a table for those who do not see it. */
function Course({ counts, error, onRetry }: CourseProps) {
  const { t } = useTranslation('statistics')
  const zone = useZone()
  if (error) return <ErrorBox error={error} onRetry={() => void onRetry()} />
  if (!counts) return <Skeleton rows={6} />
  if (counts.items.length === 0) return <EmptyState title={t('empty')}>{t('emptyWhy')}</EmptyState>
  const label = t('course', { zone: zoneLabel(zone) })
  return (
    <section className="mk-card">
      <h2>{label}</h2>
      <TimeChart counts={counts} label={label} height={260} />
      <details>
        <summary>{t('asTable')}</summary>
        <CountTable counts={counts} caption={label} />
      </details>
    </section>
  )
}

function Parts({ asked, kind }: { asked: Query; kind: Kind }) {
  const { t } = useTranslation('statistics')
  const [url, change] = useUrl()
  const parts = PARTS[kind]
  const by = parts.find((one) => one === url.by) ?? parts[0] ?? 'application'
  const { data, error, refetch } = useCounts({ ...asked, by })
  const nameOf = (one: By) =>
    one === 'code' && kind === 'pushes' ? t('by.purpose') : t(`by.${one}`)
  return (
    <section className="mk-card">
      <label className="statistics-by">
        {t('by.label')}
        <select
          className="mk-select"
          value={by}
          data-testid="statistics.by"
          onChange={(event) => change({ by: event.target.value })}
        >
          {parts.map((one) => (
            <option key={one} value={one}>
              {nameOf(one)}
            </option>
          ))}
        </select>
      </label>
      {error !== null && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton rows={5} />}
      {data?.by === by && data.items.length > 0 && (
        <CountTable counts={data} caption={t('by.caption', { what: nameOf(by) })} />
      )}
      {data?.items.length === 0 && <p>{t('empty')}</p>}
    </section>
  )
}
