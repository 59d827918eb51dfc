import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { AppName } from '@/kit/AppName'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import { ExportButton } from '@/kit/ExportButton'
import { FilterBar } from '@/kit/FilterBar'
import { formatCount } from '@/kit/format'
import { NumberText, TimeText } from '@/kit/Texts'
import { useAppFilter } from '@/kit/useAppFilter'
import { type Filter, useFilters } from '@/kit/useFilters'
import { useList } from '@/kit/useList'
import { type Account, KINDS, type Posting, useMoney } from './money'

/** Why did the balance change? Lines that nobody changes, newest first. */
export function Ledger({ account }: { account: Account }) {
  const { t } = useTranslation('money')
  const app = useAppFilter()
  const choices = useMemo<Filter[]>(
    () => [
      {
        name: 'range',
        label: t('filter.range'),
        kind: 'range',
        usual: '31d',
        from: 'since',
        until: 'until',
      },
      {
        name: 'kind',
        label: t('column.kind'),
        kind: 'choice',
        options: KINDS.map((value) => ({ value, label: t(`kind.${value}`) })),
      },
      app,
    ],
    [t, app],
  )
  const filters = useFilters(choices)
  const query = { ...filters.query, tenant_id: account.tenant_id }
  const list = useList<Posting>('/postings', query)
  return (
    <>
      <div className="money-bar">
        <FilterBar area="money" filters={choices} state={filters} />
        <ExportButton kind="ledger" filter={query} />
      </div>
      <DataTable
        id="money.ledger"
        caption={t('ledger.caption')}
        columns={useColumns(account.currency)}
        list={list}
        rowId={(one) => one.posting_id}
        empty={<EmptyState title={t('ledger.empty')} />}
      />
    </>
  )
}

function useColumns(currency: string): Column<Posting>[] {
  const { t } = useTranslation('money')
  const money = useMoney(currency)
  return [
    { key: 'at', title: t('column.at'), render: (one) => <TimeText at={one.at} />, isFixed: true },
    { key: 'kind', title: t('column.kind'), render: (one) => t(`kind.${one.kind}`), isFixed: true },
    { key: 'source', title: t('column.source'), render: (one) => <Source posting={one} /> },
    {
      key: 'x',
      title: t('column.x'),
      render: (one) => (one.x ? <NumberText number={one.x} /> : '–'),
    },
    {
      key: 'app',
      title: t('column.app'),
      render: (one) => (one.app_key ? <AppName appKey={one.app_key} /> : '–'),
      isExtra: true,
    },
    {
      key: 'units',
      title: t('column.units'),
      render: (one) => (one.units ? t(`unit.${one.kind}`, { count: one.units }) : '–'),
      align: 'end',
    },
    {
      key: 'covered',
      title: t('column.covered'),
      render: (one) => formatCount(one.covered),
      align: 'end',
      isExtra: true,
    },
    {
      key: 'price',
      title: t('column.price'),
      render: (one) => (one.price ? money(one.price) : '–'),
      align: 'end',
    },
    {
      key: 'amount',
      title: t('column.amount'),
      render: (one) => money(one.amount),
      align: 'end',
      isFixed: true,
    },
    {
      key: 'other',
      title: t('column.other'),
      render: (one) =>
        one.lines.map(({ account }) => account).find((name) => name !== 'prepaid') ?? '–',
      isExtra: true,
    },
    { key: 'note', title: t('column.note'), render: (one) => one.note || '–' },
  ]
}

/** What a line is for, one click away where there is a page of it. */
function Source({ posting }: { posting: Posting }) {
  const { t } = useTranslation('money')
  const [, ...rest] = posting.source.split(':')
  if (posting.kind === 'call') {
    return (
      <Link to="/calls/$session" params={{ session: rest.join(':') } as never}>
        {t('source.call')}
      </Link>
    )
  }
  if (posting.kind === 'message') {
    return (
      <Link to="/messages/$id" params={{ id: rest.join(':') } as never}>
        {t('source.message')}
      </Link>
    )
  }
  return posting.kind === 'package' ? '–' : rest.at(-1)
}
