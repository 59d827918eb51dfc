import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { toast } from '@/app/toast'
import { ConfirmButton } from '@/kit/ConfirmButton'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import { FilterBar } from '@/kit/FilterBar'
import { formatCount } from '@/kit/format'
import { StateTag } from '@/kit/StateTag'
import { TimeText } from '@/kit/Texts'
import { type Filter, useFilters } from '@/kit/useFilters'
import { useList } from '@/kit/useList'
import { type ChargeRun, useMoney } from './money'

const RUNS = ['calls', 'messages', 'issued', 'rent', 'arrears'] as const

/** What was charged when, and what was cut off and waits for somebody to go on with it. */
export function Runs({ currency }: { currency: string }) {
  const { t } = useTranslation('money')
  const choices = useMemo<Filter[]>(
    () => [
      {
        name: 'kind',
        label: t('column.kind'),
        kind: 'choice',
        options: RUNS.map((value) => ({ value, label: t(`run.${value}`) })),
      },
      {
        name: 'state',
        label: t('accounts.state'),
        kind: 'choice',
        options: (['running', 'done'] as const).map((value) => ({
          value,
          label: t(`runState.${value}`),
        })),
      },
    ],
    [t],
  )
  const filters = useFilters(choices)
  return (
    <>
      <div className="money-bar">
        <Start kind="calls" />
        <Start kind="messages" />
        <Start kind="issued" />
        <Start kind="arrears" />
      </div>
      <FilterBar area="money" filters={choices} state={filters} />
      <DataTable
        id="money.runs"
        caption={t('run.caption')}
        columns={useColumns(currency)}
        list={useList<ChargeRun>('/charge-runs', filters.query)}
        rowId={(one) => `${one.kind} ${one.period}`}
        empty={<EmptyState title={t('run.empty')} />}
      />
    </>
  )
}

function Start({ kind }: { kind: (typeof RUNS)[number] }) {
  const { t } = useTranslation('money')
  const client = useQueryClient()
  return (
    <ConfirmButton
      label={t(`run.start.${kind}`)}
      level={2}
      effect={<p>{t('run.effect')}</p>}
      testId={`money.run.${kind}`}
      onConfirm={async ({ send }) => {
        await send('POST', '/charge-runs', { body: { kind } })
        await client.invalidateQueries()
        toast(t('run.started'))
      }}
    />
  )
}

function useColumns(currency: string): Column<ChargeRun>[] {
  const { t } = useTranslation('money')
  const money = useMoney(currency)
  return [
    {
      key: 'started',
      title: t('run.at'),
      render: (one) => <TimeText at={one.started_at} />,
      isFixed: true,
    },
    { key: 'kind', title: t('column.kind'), render: (one) => t(`run.${one.kind}`), isFixed: true },
    { key: 'period', title: t('run.period'), render: (one) => <code>{one.period}</code> },
    {
      key: 'state',
      title: t('accounts.state'),
      render: (one) => (
        <StateTag tone={one.state === 'done' ? 'ok' : 'plain'}>
          {t(`runState.${one.state}`)}
        </StateTag>
      ),
      isFixed: true,
    },
    {
      key: 'postings',
      title: t('column.postings'),
      render: (one) => formatCount(one.postings),
      align: 'end',
    },
    { key: 'amount', title: t('column.amount'), render: (one) => money(one.amount), align: 'end' },
    {
      key: 'skipped',
      title: t('run.skipped'),
      render: (one) => formatCount(one.skipped),
      align: 'end',
    },
    {
      key: 'ended',
      title: t('run.ended'),
      render: (one) => (one.ended_at ? <TimeText at={one.ended_at} /> : <Retry run={one} />),
    },
  ]
}

function Retry({ run }: { run: ChargeRun }) {
  const { t } = useTranslation('money')
  const client = useQueryClient()
  return (
    <ConfirmButton
      label={t('run.retry')}
      level={2}
      size="small"
      effect={<p>{t('run.effect')}</p>}
      testId="money.run.retry"
      onConfirm={async ({ send }) => {
        const { kind, period } = run
        await send('POST', '/charge-runs/{kind}/{period}/retry', { params: { kind, period } })
        await client.invalidateQueries()
      }}
    />
  )
}
