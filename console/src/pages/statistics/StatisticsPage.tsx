import './statistics.css'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Query } from '@/api/client'
import { useZone } from '@/app/preferences'
import { CopyCurl } from '@/kit/CopyCurl'
import { EmptyState } from '@/kit/EmptyState'
import { ErrorBox } from '@/kit/ErrorBox'
import { ExportButton } from '@/kit/ExportButton'
import { FilterBar } from '@/kit/FilterBar'
import { zoneLabel } from '@/kit/format'
import { PageHead } from '@/kit/PageHead'
import { Skeleton } from '@/kit/Skeleton'
import { useAppFilter } from '@/kit/useAppFilter'
import { type Filter, useFilters } from '@/kit/useFilters'
import { useUrl } from '@/kit/useUrl'
import { CountTable } from './CountTable'
import {
  type By,
  type Counts,
  codeName,
  KINDS,
  type Kind,
  PARTS,
  type Step,
  stepsOf,
} from './counts'
import { TimeChart } from './TimeChart'
import { Verdict } from './Verdict'

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
  const { asked, possible, step } = useAsked(filters.query, kind, url.step)
  const course = useCounts({ ...asked, by: 'time' })
  return (
    <>
      <PageHead
        title={t('title')}
        verdict={course.data && <Verdict counts={course.data} />}
        actions={
          <>
            <ExportOf asked={asked} by="time" />
            <CopyCurl path="/statistics" asking={{ query: { ...asked, by: 'time' } }} />
          </>
        }
      />
      <FilterBar area="statistics" filters={choices} state={filters} />
      <fieldset className="statistics-kinds" aria-label={t('kind.label')}>
        {KINDS.map((one) => (
          <button
            key={one}
            type="button"
            className={one === kind ? 'mk-button is-primary' : 'mk-button'}
            aria-pressed={one === kind}
            data-testid={`statistics.kind.${one}`}
            onClick={() => change({ kind: one, by: null })}
          >
            {t(`kind.${one}`)}
          </button>
        ))}
      </fieldset>
      <StepChoice possible={possible} step={step} />
      <Course counts={course.data} error={course.error} onRetry={course.refetch} />
      <Parts asked={asked} kind={kind} />
    </>
  )
}

/** The question; without a choice the step follows from how long the time is. */
function useAsked(query: Query, kind: Kind, chosen?: string) {
  const zone = useZone()
  const until = query.until ? Date.parse(String(query.until)) : Date.now()
  const hours = (until - Date.parse(String(query.since))) / HOUR_MS
  const { possible, usual } = stepsOf(hours)
  const step = possible.find((one) => one === chosen) ?? usual
  const asked: Query = {
    kind,
    step,
    since: query.since,
    until: query.until,
    app_key: query.app_key,
    zone,
  }
  return { asked, possible, step }
}

/** A file of the same counts. */
function ExportOf({ asked, by }: { asked: Query; by: By }) {
  const { since, until, app_key } = asked
  const counts = { kind: String(asked.kind), by, step: String(asked.step) }
  return <ExportButton kind="statistics" counts={counts} filter={{ since, until, app_key }} />
}

function StepChoice({ possible, step }: { possible: readonly Step[]; step: Step }) {
  const { t } = useTranslation('statistics')
  const [, change] = useUrl()
  return (
    <label className="statistics-by">
      {t('step.label')}
      <select
        className="mk-select"
        value={step}
        data-testid="statistics.step"
        onChange={(event) => change({ step: event.target.value })}
      >
        {possible.map((one) => (
          <option key={one} value={one}>
            {t(`step.${one}`)}
          </option>
        ))}
      </select>
    </label>
  )
}

function useCounts(query: Query) {
  return useQuery({
    queryKey: ['/statistics', undefined, query],
    queryFn: ({ signal }) => ask<Counts>('GET', '/statistics', { query, signal }),
    placeholderData: (before) => (before?.kind === query.kind ? before : undefined),
  })
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
  const nameOf = (one: By) => t(`by.${one === 'code' ? codeName(kind) : one}`)
  return (
    <section className="mk-card">
      <div className="statistics-parts">
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
        <ExportOf asked={asked} by={by} />
      </div>
      {error !== null && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton rows={5} />}
      {data?.by === by && data.items.length > 0 && (
        <CountTable counts={data} caption={t('by.caption', { what: nameOf(by) })} />
      )}
      {data?.items.length === 0 && <p>{t('empty')}</p>}
    </section>
  )
}
