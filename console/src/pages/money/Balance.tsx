import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { Fields } from '@/kit/Fields'
import { TimeText } from '@/kit/Texts'
import { type Account, PRICES, type Tariff, useMoney } from './money'

/** How a tenant stands, what things cost it, and how it pays. */
export function Balance({ account }: { account: Account }) {
  const { t } = useTranslation('money')
  const money = useMoney(account.currency)
  return (
    <>
      <Fields
        fields={[
          { label: t('field.balance'), wire: 'balance', value: money(account.balance) },
          { label: t('field.daily_use'), wire: 'daily_use', value: money(account.daily_use) },
          { label: t('field.credit'), wire: 'credit', value: money(account.credit) },
          {
            label: t('field.alert_below'),
            wire: 'alert_below',
            value: account.alert_below === null ? t('never') : money(account.alert_below),
          },
        ]}
      />
      {account.how_to_pay && (
        <section>
          <h2>{t('howToPay')}</h2>
          <p>{account.how_to_pay}</p>
        </section>
      )}
      <section>
        <h2>{t('prices.title')}</h2>
        <Prices account={account} />
      </section>
    </>
  )
}

function Prices({ account }: { account: Account }) {
  const { t } = useTranslation('money')
  const money = useMoney(account.currency)
  const query = { tenant_id: account.tenant_id }
  const { data } = useQuery({
    queryKey: ['/tariffs', undefined, query],
    queryFn: () => ask<{ items: Tariff[] }>('GET', '/tariffs', { query }),
  })
  if (!data) return null
  const current = data.items.filter(({ state }) => state === 'current')
  const tariff = current.find(({ tenant_id }) => tenant_id !== null) ?? current[0]
  const next = data.items.filter(({ state }) => state === 'coming').at(-1)
  if (!tariff) return <p>{t('prices.none')}</p>
  return (
    <>
      <p className="mk-quiet">
        {t(tariff.tenant_id === null ? 'prices.everybody' : 'prices.own')}{' '}
        <TimeText at={tariff.valid_from} />
        {next && (
          <>
            {'; '}
            {t('prices.next')} <TimeText at={next.valid_from} />
          </>
        )}
      </p>
      <Fields
        fields={PRICES.map((name) => ({
          label: t(`price.${name}`),
          wire: name,
          value: tariff[name] === 0 ? t('free') : money(tariff[name]),
        }))}
      />
    </>
  )
}
