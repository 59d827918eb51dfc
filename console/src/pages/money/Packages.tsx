import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { useRight } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { EmptyState } from '@/kit/EmptyState'
import { formatCount } from '@/kit/format'
import { PlainTable } from '@/kit/PlainTable'
import { StateTag } from '@/kit/StateTag'
import { TimeText } from '@/kit/Texts'
import { type Account, type Package, type Purchase, useMoney } from './money'

const MANY = 500

/** What is left of what was bought, and what can be bought. */
export function Packages({ account }: { account: Account }) {
  const { t } = useTranslation('money')
  const query = { tenant_id: account.tenant_id, limit: MANY }
  const { data } = useQuery({
    queryKey: ['/package-purchases', undefined, query],
    queryFn: () => ask<{ items: Purchase[] }>('GET', '/package-purchases', { query }),
  })
  return (
    <>
      <section>
        <h2>{t('package.bought')}</h2>
        <p className="mk-quiet">{t('package.order')}</p>
        {data?.items.length === 0 && <EmptyState title={t('package.nothing')} />}
        {data && data.items.length > 0 && (
          <PlainTable
            label={t('package.bought')}
            testId="money.purchases"
            rows={data.items}
            rowId={(one) => one.purchase_id}
            columns={[
              { key: 'name', title: t('package.name'), render: (one) => one.name },
              {
                key: 'state',
                title: t('package.state'),
                render: (one) => <StateTag>{t(`purchase.${one.state}`)}</StateTag>,
              },
              {
                key: 'minutes',
                title: t('package.minutesLeft'),
                render: (one) => left(one.minutes_left, one.minutes),
              },
              {
                key: 'messages',
                title: t('package.messagesLeft'),
                render: (one) => left(one.messages_left, one.messages),
              },
              {
                key: 'from',
                title: t('package.from'),
                render: (one) => <TimeText at={one.valid_from} />,
              },
              {
                key: 'until',
                title: t('package.until'),
                render: (one) => <TimeText at={one.valid_until} />,
              },
            ]}
          />
        )}
      </section>
      <section>
        <h2>{t('package.sold')}</h2>
        <Offers account={account} />
      </section>
    </>
  )
}

function left(rest: number, all: number): string {
  return all === 0 ? '–' : `${formatCount(rest)} / ${formatCount(all)}`
}

function Offers({ account }: { account: Account }) {
  const { t } = useTranslation('money')
  const money = useMoney(account.currency)
  const mayBuy = useRight('money.top_up')
  const client = useQueryClient()
  const query = { is_sold: true, limit: MANY }
  const { data } = useQuery({
    queryKey: ['/packages', undefined, query],
    queryFn: () => ask<{ items: Package[] }>('GET', '/packages', { query }),
  })
  if (!data) return null
  if (data.items.length === 0) return <EmptyState title={t('package.none')} />
  const buy = (one: Package) => (
    <ConfirmButton
      label={t('package.buy', { name: one.name })}
      level={2}
      size="small"
      effect={
        <p>
          {t('package.effect', {
            price: money(one.price),
            rest: money(account.balance - one.price),
          })}
        </p>
      }
      testId="money.package.buy"
      onConfirm={async ({ send }) => {
        const body = { package_id: one.package_id, tenant_id: account.tenant_id }
        await send('POST', '/package-purchases', { body })
        await client.invalidateQueries()
        toast(t('package.done', { name: one.name }))
      }}
    />
  )
  return (
    <PlainTable
      label={t('package.sold')}
      testId="money.packages"
      rows={data.items}
      rowId={(one) => one.package_id}
      columns={[
        { key: 'name', title: t('package.name'), render: (one) => one.name },
        { key: 'minutes', title: t('package.minutes'), render: (one) => formatCount(one.minutes) },
        {
          key: 'messages',
          title: t('package.messages'),
          render: (one) => formatCount(one.messages),
        },
        { key: 'price', title: t('column.price'), render: (one) => money(one.price) },
        { key: 'buy', title: t('package.action'), render: (one) => (mayBuy ? buy(one) : '–') },
      ]}
    />
  )
}
