import './endpoints.css'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { useRight } from '@/app/SessionContext'
import { EmptyState } from '@/kit/EmptyState'
import { ErrorBox } from '@/kit/ErrorBox'
import { FilterBar } from '@/kit/FilterBar'
import { PageHead } from '@/kit/PageHead'
import { Skeleton } from '@/kit/Skeleton'
import { useAppFilter } from '@/kit/useAppFilter'
import { useApplications } from '@/kit/useDirectory'
import { useFilters } from '@/kit/useFilters'
import { useUrl } from '@/kit/useUrl'
import { EndpointDrawer } from './EndpointDrawer'
import { EndpointTable } from './EndpointTable'
import { endpointsOf, type Trouble } from './endpoint'

const LIMIT = 200
const EVERY_MS = 15_000

/** How well each callback URL takes what is pushed to it. */
export default function EndpointsPage() {
  const { t } = useTranslation('endpoints')
  const mayReadApps = useRight('application.read')
  const app = useAppFilter()
  const choices = [app]
  const filters = useFilters(choices)
  const { items: apps, isKnown } = useApplications()
  const { data, error, refetch } = useQuery({
    queryKey: ['/receivers', undefined, { limit: LIMIT }],
    queryFn: () => ask<{ items: Trouble[] }>('GET', '/receivers', { query: { limit: LIMIT } }),
    refetchInterval: EVERY_MS,
  })
  const [url, change] = useUrl()
  const shown = apps.filter((one) => !url.app_key || one.app_key === url.app_key)
  const endpoints = endpointsOf(shown, data?.items ?? [])
  const count = endpoints.filter(({ trouble }) => trouble).length
  const isReady = data !== undefined && (isKnown || !mayReadApps)
  const open = endpoints.findIndex(({ id }) => id === url.open)
  const goTo = (at: number) => endpoints[at] && change({ open: endpoints[at].id })
  return (
    <>
      <PageHead
        title={t('title')}
        tone={count > 0 ? 'bad' : 'ok'}
        verdict={isReady && (count > 0 ? t('verdict.some', { count }) : t('verdict.none'))}
      />
      <FilterBar area="endpoints" filters={choices} state={filters} />
      {error !== null && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {!isReady && error === null && <Skeleton rows={6} />}
      {isReady && endpoints.length === 0 && (
        <EmptyState title={t('empty')} action={<Link to={'/apps' as never}>{t('toApps')}</Link>}>
          {t('emptyWhy')}
        </EmptyState>
      )}
      {isReady && endpoints.length > 0 && (
        <EndpointTable
          endpoints={endpoints}
          openId={url.open}
          onOpen={({ id }) => change({ open: id })}
        />
      )}
      {endpoints[open] && (
        <EndpointDrawer
          key={endpoints[open].id}
          endpoint={endpoints[open]}
          onClose={() => change({ open: null })}
          onNext={() => goTo(open + 1)}
          onPrevious={() => goTo(open - 1)}
        />
      )}
    </>
  )
}
