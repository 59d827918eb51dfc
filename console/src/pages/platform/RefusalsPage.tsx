import './platform.css'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '@/api/client'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import { FilterBar } from '@/kit/FilterBar'
import { formatCount } from '@/kit/format'
import { PageHead } from '@/kit/PageHead'
import { TimeText } from '@/kit/Texts'
import { type Filter, useFilters } from '@/kit/useFilters'
import { useList } from '@/kit/useList'

type Refusal = Schema<'RefusalView'>

const RULES = ['stranger', 'password', 'busy'] as const
const EVERY_MS = 5_000

/** Why was a call turned away before it was one? */
export default function RefusalsPage() {
  const { t } = useTranslation('platform')
  const choices = useMemo<Filter[]>(
    () => [
      { name: 'range', label: t('column.time'), kind: 'range', usual: '1h', from: 'since' },
      {
        name: 'rule',
        label: t('refusal.rule'),
        kind: 'choice',
        options: RULES.map((value) => ({ value, label: t(`refusal.rules.${value}`) })),
      },
      { name: 'address', label: t('column.address'), kind: 'text' },
    ],
    [t],
  )
  const filters = useFilters(choices)
  const list = useList<Refusal>('/refusals', filters.query, { everyMs: EVERY_MS })
  const columns = useColumns()
  const count = (list.rows ?? []).reduce((sum, one) => sum + one.count, 0)
  const addresses = new Set(list.rows?.map(({ address }) => address)).size
  return (
    <>
      <PageHead
        title={t('refusal.title')}
        tone={count > 0 ? 'warn' : 'ok'}
        verdict={
          list.rows &&
          (count > 0
            ? t('refusal.some', { count, n: formatCount(count), addresses })
            : t('refusal.none'))
        }
      />
      <FilterBar area="refusals" filters={choices} state={filters} />
      <DataTable
        id="platform.refusals"
        caption={t('refusal.caption')}
        columns={columns}
        list={list}
        rowId={(one) => one.refusal_id}
        empty={<EmptyState title={t('refusal.empty')} />}
      />
    </>
  )
}

function useColumns(): Column<Refusal>[] {
  const { t } = useTranslation('platform')
  return [
    {
      key: 'last',
      title: t('refusal.last'),
      render: (one) => <TimeText at={one.last_at} />,
      isFixed: true,
    },
    {
      key: 'first',
      title: t('refusal.first'),
      render: (one) => <TimeText at={one.first_at} />,
      isExtra: true,
    },
    {
      key: 'count',
      title: t('refusal.count'),
      render: (one) => formatCount(one.count),
      align: 'end',
    },
    { key: 'address', title: t('column.address'), render: (one) => <code>{one.address}</code> },
    {
      key: 'trunk',
      title: t('column.trunk'),
      render: (one) =>
        one.trunk ? (
          <Link to={'/platform/trunks' as never} search={{ open: one.trunk } as never}>
            {one.trunk}
          </Link>
        ) : (
          t('refusal.unknownTrunk')
        ),
    },
    { key: 'dialled', title: t('refusal.dialled'), render: (one) => <code>{one.dialled}</code> },
    {
      key: 'rule',
      title: t('refusal.rule'),
      render: (one) => (
        <span>
          {t(`refusal.rules.${one.rule}`, { defaultValue: one.rule })}
          <br />
          <span className="mk-quiet">{t(`refusal.cure.${one.rule}`, { defaultValue: '' })}</span>
        </span>
      ),
      isFixed: true,
    },
    {
      key: 'status',
      title: t('refusal.answer'),
      render: (one) => (one.status ? <code>{one.status}</code> : t('refusal.silent')),
    },
  ]
}
