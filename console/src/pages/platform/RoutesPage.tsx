import './platform.css'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ask, type Schema } from '@/api/client'
import { CopyCurl } from '@/kit/CopyCurl'
import { EmptyState } from '@/kit/EmptyState'
import { ErrorBox } from '@/kit/ErrorBox'
import { PageHead } from '@/kit/PageHead'
import { type PlainColumn, PlainTable } from '@/kit/PlainTable'
import { Skeleton } from '@/kit/Skeleton'
import { StateTag } from '@/kit/StateTag'
import { RouteTrial } from './RouteTrial'

type Route = Schema<'RouteView'>

/** Which carrier gets which numbers, and where would this one go? */
export default function RoutesPage() {
  const { t } = useTranslation('platform')
  const { data, error, refetch } = useQuery({
    queryKey: ['/routes'],
    queryFn: () => ask<{ items: Route[] }>('GET', '/routes'),
  })
  const columns = useColumns()
  return (
    <>
      <PageHead
        title={t('route.title')}
        {...useVerdict(data?.items)}
        actions={<CopyCurl path="/routes" asking={{}} />}
      />
      <RouteTrial />
      <h2>{t('route.asTheyStand')}</h2>
      <p className="mk-quiet">
        {t('route.setWithTrunks')} <Link to="/platform/trunks">{t('trunk.title')}</Link>
      </p>
      {error && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton rows={4} />}
      {data?.items.length === 0 && (
        <EmptyState title={t('trunk.empty')}>{t('trunk.emptyWhy')}</EmptyState>
      )}
      {data && data.items.length > 0 && (
        <PlainTable
          label={t('route.caption')}
          columns={columns}
          rows={data.items}
          rowId={(one) => `${one.prefix} ${one.trunk}`}
          testId="platform.routes"
        />
      )}
    </>
  )
}

function useVerdict(routes: Route[] | undefined) {
  const { t } = useTranslation('platform')
  if (!routes) return {}
  const enabled = routes.filter((one) => one.is_enabled)
  if (enabled.length === 0) return { tone: 'bad', verdict: t('route.verdict.none') } as const
  if (enabled.some((one) => one.prefix === '')) {
    return { tone: 'ok', verdict: t('route.verdict.every') } as const
  }
  return { tone: 'warn', verdict: t('route.verdict.some') } as const
}

function useColumns(): PlainColumn<Route>[] {
  const { t } = useTranslation('platform')
  return [
    {
      key: 'prefix',
      title: t('route.prefix'),
      render: (one) => (one.prefix ? <code>{one.prefix}</code> : t('trunk.everyNumber')),
    },
    {
      key: 'trunk',
      title: t('route.trunk'),
      render: (one) => (
        <Link to="/platform/trunks" search={{ open: one.trunk } as never}>
          {one.trunk}
        </Link>
      ),
    },
    { key: 'priority', title: t('trunk.field.priority'), render: (one) => one.priority },
    { key: 'weight', title: t('trunk.field.weight'), render: (one) => one.weight },
    {
      key: 'state',
      title: t('column.state'),
      render: (one) => (
        <StateTag tone={one.is_enabled ? 'ok' : 'plain'}>
          {t(one.is_enabled ? 'route.enabled' : 'route.disabled')}
        </StateTag>
      ),
    },
  ]
}
