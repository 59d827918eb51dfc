import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ask, type Schema } from '@/api/client'
import { EmptyState } from '@/kit/EmptyState'
import { ErrorBox } from '@/kit/ErrorBox'
import { formatCount } from '@/kit/format'
import { PlainTable } from '@/kit/PlainTable'
import { Skeleton } from '@/kit/Skeleton'
import { StateTag } from '@/kit/StateTag'

type Counts = Schema<'StockCountsView'>

export function useStockCounts() {
  return useQuery({
    queryKey: ['/stock/counts'],
    queryFn: () => ask<Counts>('GET', '/stock/counts'),
  })
}

/** How many numbers of each sort are free to be issued, and how many rest until later. */
export function StockCounts() {
  const { t, i18n } = useTranslation(['platform', 'numbers'])
  const { data, error, refetch } = useStockCounts()
  if (error) return <ErrorBox error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton rows={6} />
  if (data.items.length === 0)
    return <EmptyState title={t('stock.empty')}>{t('stock.emptyWhy')}</EmptyState>
  const isChinese = i18n.language.startsWith('zh')
  return (
    <PlainTable
      label={t('stock.counts')}
      testId="stock.counts"
      rows={data.items}
      rowId={(one) => `${one.area_code} ${one.kind} ${one.may_message}`}
      columns={[
        {
          key: 'city',
          title: t('numbers:column.city'),
          render: (one) => `${(isChinese ? one.city : one.city_en) ?? ''} ${one.area_code}`.trim(),
        },
        {
          key: 'kind',
          title: t('numbers:column.kind'),
          render: (one) => t(`numbers:kind.${one.kind}`),
        },
        {
          key: 'sms',
          title: t('numbers:column.sms'),
          render: (one) => t(one.may_message ? 'numbers:sms.on' : 'numbers:sms.off'),
        },
        {
          key: 'free',
          title: t('stock.free'),
          render: (one) =>
            one.free > 0 ? (
              formatCount(one.free)
            ) : (
              <StateTag tone="warn">{t('stock.noneFree')}</StateTag>
            ),
        },
        { key: 'resting', title: t('stock.resting'), render: (one) => formatCount(one.resting) },
      ]}
    />
  )
}
