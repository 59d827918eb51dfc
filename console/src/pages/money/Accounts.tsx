import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import { FilterBar } from '@/kit/FilterBar'
import { StateTag } from '@/kit/StateTag'
import { IdText, TimeText } from '@/kit/Texts'
import { type Filter, useFilters } from '@/kit/useFilters'
import { useList } from '@/kit/useList'
import { type AccountRow, formatMoney } from './money'

/** How all tenants stand. */
export function Accounts() {
  const { t } = useTranslation('money')
  const choices = useMemo<Filter[]>(
    () => [{ name: 'is_in_arrears', label: t('filter.arrears'), kind: 'flag' }],
    [t],
  )
  const filters = useFilters(choices)
  const list = useList<AccountRow>('/money/accounts', filters.query)
  return (
    <>
      <FilterBar area="money" filters={choices} state={filters} />
      <DataTable
        id="money.accounts"
        caption={t('accounts.caption')}
        columns={useColumns()}
        list={list}
        rowId={(one) => one.tenant_id}
        empty={<EmptyState title={t('accounts.empty')} />}
      />
    </>
  )
}

function useColumns(): Column<AccountRow>[] {
  const { t, i18n } = useTranslation('money')
  const locale = i18n.language.startsWith('zh') ? 'zh-CN' : 'en'
  const money = (amount: number, { currency }: AccountRow) => formatMoney(amount, currency, locale)
  return [
    {
      key: 'name',
      title: t('accounts.tenant'),
      render: (one) => (
        <Link to="/platform/money/$tenant" params={{ tenant: one.tenant_id } as never}>
          {one.name}
        </Link>
      ),
      isFixed: true,
    },
    { key: 'id', title: t('accounts.id'), render: (one) => <IdText id={one.tenant_id} /> },
    {
      key: 'state',
      title: t('accounts.state'),
      render: (one) => <AccountState account={one} />,
      isFixed: true,
    },
    {
      key: 'balance',
      title: t('field.balance'),
      render: (one) => money(one.balance, one),
      align: 'end',
      isFixed: true,
    },
    {
      key: 'credit',
      title: t('field.credit'),
      render: (one) => money(one.credit, one),
      align: 'end',
    },
    {
      key: 'alert',
      title: t('field.alert_below'),
      render: (one) => (one.alert_below === null ? t('never') : money(one.alert_below, one)),
      align: 'end',
    },
    {
      key: 'since',
      title: t('accounts.since'),
      render: (one) => (one.arrears_since ? <TimeText at={one.arrears_since} /> : '–'),
    },
    {
      key: 'release',
      title: t('accounts.release'),
      render: (one) => (one.release_at ? <TimeText at={one.release_at} /> : '–'),
    },
  ]
}

function AccountState({ account }: { account: AccountRow }) {
  const { t } = useTranslation('money')
  if (account.released_at) return <StateTag tone="bad">{t('state.released')}</StateTag>
  if (account.arrears_since) return <StateTag tone="bad">{t('state.arrears')}</StateTag>
  if (account.alerted_at) return <StateTag tone="warn">{t('state.low')}</StateTag>
  return <StateTag>{t('state.well')}</StateTag>
}
