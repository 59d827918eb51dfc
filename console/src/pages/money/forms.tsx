import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useRight } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { MoneyForm } from './MoneyForm'
import { type Account, PRICES, useMoney, writtenMoney } from './money'

interface Props {
  account: Account
  onClose: () => void
}

/** Book money that came in, or correct a balance. */
export function BookForm({
  account,
  about,
  onClose,
}: Props & { about: 'top-ups' | 'adjustments' }) {
  const { t } = useTranslation('money')
  const client = useQueryClient()
  const money = useMoney(account.currency)
  const isTopUp = about === 'top-ups'
  const verb = t(isTopUp ? 'topUp.do' : 'adjust.do')
  return (
    <MoneyForm
      title={t(isTopUp ? 'topUp.title' : 'adjust.title', { name: account.name })}
      verb={verb}
      currency={account.currency}
      testId={`money.${about}`}
      fields={[
        {
          name: 'amount',
          label: t('column.amount'),
          kind: 'money',
          isRequired: true,
          hint: isTopUp ? undefined : t('adjust.hint'),
        },
        {
          name: 'reference',
          label: t('field.reference'),
          kind: 'text',
          isRequired: true,
          hint: t('topUp.reference'),
        },
        { name: 'note', label: t('column.note'), kind: 'text', isRequired: !isTopUp },
      ]}
      effect={account.arrears_since && t('topUp.thaws', { owed: money(-account.balance) })}
      onSend={async ({ send }, given) => {
        const body = { ...given, note: given.note ?? '', tenant_id: account.tenant_id }
        await send('POST', `/${about}`, { body })
        await client.invalidateQueries()
        toast(t('booked', { amount: money(Number(given.amount)) }))
      }}
      onClose={onClose}
    />
  )
}

/** Say at which balance to be told, and for who runs the platform how much may be owed. */
export function TermsForm({ account, onClose }: Props) {
  const { t } = useTranslation('money')
  const client = useQueryClient()
  const isPlatform = useRight('money.write')
  const { currency } = account
  const alert = account.alert_below
  return (
    <MoneyForm
      title={t('terms.title', { name: account.name })}
      verb={t('terms.save')}
      currency={currency}
      testId="money.termsForm"
      fields={[
        ...(isPlatform
          ? [
              {
                name: 'credit',
                label: t('field.credit'),
                kind: 'money' as const,
                start: writtenMoney(account.credit, currency),
                isRequired: true,
                hint: t('terms.credit'),
              },
            ]
          : []),
        {
          name: 'alert_below',
          label: t('field.alert_below'),
          kind: 'money',
          start: alert === null ? '' : writtenMoney(alert, currency),
          hint: t('terms.alert'),
        },
      ]}
      onSend={async ({ edit }, given) => {
        const params = { tenant_id: account.tenant_id }
        await edit('/money/accounts/{tenant_id}', { params, before: account, body: given })
        await client.invalidateQueries()
        toast(t('terms.done'))
      }}
      onClose={onClose}
    />
  )
}

/** Prices from a moment on. They begin with those that count by now. */
export function TariffForm({
  currency,
  start,
  onClose,
}: {
  currency: string
  start?: Partial<Record<(typeof PRICES)[number], number>>
  onClose: () => void
}) {
  const { t } = useTranslation('money')
  const client = useQueryClient()
  return (
    <MoneyForm
      title={t('tariff.add')}
      verb={t('tariff.add')}
      currency={currency}
      testId="money.tariffForm"
      effect={t('tariff.effect')}
      fields={[
        ...PRICES.map((name) => ({
          name,
          label: t(`price.${name}`),
          kind: 'money' as const,
          start: writtenMoney(start?.[name] ?? 0, currency),
          isRequired: true,
        })),
        { name: 'valid_from', label: t('tariff.from'), kind: 'time', hint: t('tariff.now') },
        { name: 'tenant_id', label: t('tariff.tenant'), kind: 'text', hint: t('tariff.everybody') },
        { name: 'note', label: t('column.note'), kind: 'text' },
      ]}
      onSend={async ({ send }, given) => {
        await send('POST', '/tariffs', { body: { ...given, note: given.note ?? '' } })
        await client.invalidateQueries({ queryKey: ['/tariffs'] })
        toast(t('tariff.done'))
      }}
      onClose={onClose}
    />
  )
}

/** Sell a package. */
export function PackageForm({ currency, onClose }: { currency: string; onClose: () => void }) {
  const { t } = useTranslation('money')
  const client = useQueryClient()
  return (
    <MoneyForm
      title={t('package.add')}
      verb={t('package.add')}
      currency={currency}
      testId="money.packageForm"
      effect={t('package.year')}
      fields={[
        { name: 'name', label: t('package.name'), kind: 'text', isRequired: true },
        { name: 'price', label: t('column.price'), kind: 'money', isRequired: true },
        { name: 'minutes', label: t('package.minutes'), kind: 'count', start: '0' },
        { name: 'messages', label: t('package.messages'), kind: 'count', start: '0' },
      ]}
      onSend={async ({ send }, given) => {
        const body = { ...given, minutes: given.minutes ?? 0, messages: given.messages ?? 0 }
        await send('POST', '/packages', { body })
        await client.invalidateQueries({ queryKey: ['/packages'] })
        toast(t('package.added'))
      }}
      onClose={onClose}
    />
  )
}
