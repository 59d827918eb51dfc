import './platform.css'
import '../overview/overview.css'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { ErrorBox } from '@/kit/ErrorBox'
import { formatCount } from '@/kit/format'
import { PageHead } from '@/kit/PageHead'
import { Skeleton } from '@/kit/Skeleton'
import { StateTag, type Tone } from '@/kit/StateTag'
import { useList } from '@/kit/useList'
import { type Overview, readingOf } from '../overview/overview'
import { Tile } from '../overview/Tile'
import { ENGINE_TONES, useEngines, useOutbox, useReadiness } from './parts'
import { TRUNK_TONES, type Trunk, useTrunkStates } from './trunk'

const EVERY_MS = 15_000
const MAX_SAID = 4

interface Part {
  key: string
  name: string
  tone: Tone
  said: string
}

/** Is the platform well, and if not, which part? */
export default function HealthPage() {
  const { t } = useTranslation(['platform', 'overview'])
  const overview = useQuery({
    queryKey: ['/overview'],
    queryFn: () => ask<Overview>('GET', '/overview'),
    refetchInterval: EVERY_MS,
  })
  const works = useWorks()
  const engines = useEngineParts()
  const trunks = useTrunkParts()
  const queues = useQueueParts()
  const parts = [...works, ...engines, ...trunks, ...queues]
  const signals = (overview.data?.signals ?? []).filter(({ state }) => state !== 'ok')
  const bad = [
    ...parts.filter(({ tone }) => tone === 'bad' || tone === 'warn').map(({ said }) => said),
    ...signals
      .filter(({ state }) => state === 'bad' || state === 'warn')
      .map((one) => t(`overview:trouble.${one.name}`, { value: readingOf(one) })),
  ]
  const isBad = parts.some(({ tone }) => tone === 'bad') || overview.data?.state === 'bad'
  const isUnknown = overview.error !== null || works.length === 0
  const dark = parts.filter(({ tone }) => tone === 'unknown').map(({ name }) => name)
  return (
    <>
      <PageHead
        title={t('health.title')}
        tone={bad.length > 0 ? (isBad ? 'bad' : 'warn') : isUnknown ? 'unknown' : 'ok'}
        verdict={
          bad.length > 0
            ? bad.slice(0, MAX_SAID).join(t('overview:verdict.join'))
            : isUnknown
              ? t('health.unknown')
              : t(dark.length > 0 ? 'health.partly' : 'health.ok', { names: dark.join(', ') })
        }
      />
      {overview.error && (
        <ErrorBox error={overview.error} onRetry={() => void overview.refetch()} />
      )}
      {!overview.data && !overview.error && <Skeleton rows={6} />}
      <section className="overview-tiles" aria-label={t('overview:signals')}>
        {overview.data?.signals.map((signal) => (
          <Tile key={signal.name} signal={signal} isStale={overview.error !== null} />
        ))}
      </section>
      <div className="platform-parts">
        <PartCard title={t('health.parts')} parts={works} />
        <PartCard title={t('media.title')} parts={engines} to="/platform/media" />
        <PartCard title={t('trunk.title')} parts={trunks} to="/platform/trunks" />
        <PartCard title={t('delivery.title')} parts={queues} to="/platform/delivery" />
      </div>
    </>
  )
}

function PartCard({ title, parts, to }: { title: string; parts: readonly Part[]; to?: string }) {
  const { t } = useTranslation('platform')
  const head: ReactNode = to ? <Link to={to as never}>{title}</Link> : title
  return (
    <section className="mk-card">
      <h2>{head}</h2>
      {parts.length === 0 && <p className="mk-quiet">{t('health.notTold')}</p>}
      <ul className="platform-states">
        {parts.map((one) => (
          <li key={one.key} data-testid={`platform.health.${one.key}`}>
            <span>{one.name}</span>
            <StateTag tone={one.tone}>{one.said}</StateTag>
          </li>
        ))}
      </ul>
    </section>
  )
}

function useWorks(): Part[] {
  const { t } = useTranslation('platform')
  const { data } = useReadiness()
  if (!data) return []
  const nameOf = (name: string) => t(`health.part.${name}`, { defaultValue: name })
  const missing = data.missing.map((name) => ({
    key: name,
    name: nameOf(name),
    tone: 'bad' as const,
    said: t('health.down', { name: nameOf(name) }),
  }))
  const well = Object.keys(data.checks).map((name) => ({
    key: name,
    name: nameOf(name),
    tone: 'ok' as const,
    said: t('health.up'),
  }))
  return [...missing, ...well]
}

function useEngineParts(): Part[] {
  const { t } = useTranslation('platform')
  const { data } = useEngines()
  const items = data?.items ?? []
  const isOne = new Set(items.map(({ worker }) => worker)).size === 1
  return items.map(({ name, worker, condition, is_stale }) => ({
    key: `engine.${worker}.${name}`,
    name: isOne ? name : `${worker}: ${name}`,
    tone: is_stale ? 'unknown' : ENGINE_TONES[condition],
    said: is_stale ? t('workers.stale') : t(`media.condition.${condition}`),
  }))
}

function useTrunkParts(): Part[] {
  const { t } = useTranslation('platform')
  const list = useList<Trunk>('/trunks', {}, { everyMs: EVERY_MS })
  const states = useTrunkStates()
  return (list.rows ?? []).map((trunk) => {
    const condition = states.conditionOf(trunk)
    const tone = TRUNK_TONES[condition]
    const said = t(`trunk.condition.${condition}`)
    const whole = tone === 'bad' ? t('health.trunk', { name: trunk.name, said }) : said
    return { key: `trunk.${trunk.name}`, name: trunk.name, tone, said: whole }
  })
}

function useQueueParts(): Part[] {
  const { t } = useTranslation('platform')
  const { data } = useOutbox()
  if (!data) return []
  const off = data.disabled_receivers
  return [
    {
      key: 'waiting',
      name: t('delivery.waiting'),
      tone: 'plain',
      said: formatCount(data.waiting),
    },
    { key: 'dead', name: t('delivery.dead'), tone: 'plain', said: formatCount(data.dead) },
    {
      key: 'disabled',
      name: t('delivery.disabled'),
      tone: off > 0 ? 'warn' : 'ok',
      said: t('health.receivers', { count: off }),
    },
  ]
}
