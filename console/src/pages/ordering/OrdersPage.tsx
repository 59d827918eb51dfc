import './ordering.css'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight, useSession } from '@/app/SessionContext'
import { AppName } from '@/kit/AppName'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import { FilterBar } from '@/kit/FilterBar'
import { PageHead } from '@/kit/PageHead'
import { StateTag } from '@/kit/StateTag'
import { IdText, NONE, TimeText } from '@/kit/Texts'
import { type Filter, useFilters } from '@/kit/useFilters'
import { useList } from '@/kit/useList'
import { useUrl } from '@/kit/useUrl'
import { OrderDrawer } from './OrderDrawer'
import { ORDER_STATES, type Order, TONES } from './ordering'

const EVERY_MS = 15_000

/** When do my numbers come? */
export default function OrdersPage() {
  const { t } = useTranslation('ordering')
  const { tenant } = useSession()
  const mayOrder = useRight('order.write') && tenant !== null
  const choices = useOrderFilters()
  const filters = useFilters(choices)
  const list = useList<Order>('/orders', filters.query, { everyMs: EVERY_MS })
  const columns = useOrderColumns()
  const [url, change] = useUrl()
  const rows = list.rows ?? []
  const at = rows.findIndex((row) => row.order_id === url.open)
  const open = rows[at]
  const go = (row?: Order) => row && change({ open: row.order_id }, { replace: true })
  const of = (state: string) => rows.filter((row) => row.state === state).length
  const order = mayOrder && (
    <Link to="/orders/new" className="mk-button is-primary" data-testid="orders.new">
      {t('order.new')}
    </Link>
  )
  return (
    <>
      <PageHead
        title={t('order.title')}
        tone={of('rejected') ? 'warn' : 'plain'}
        verdict={
          list.rows &&
          t(rows.length ? 'order.verdict' : 'order.none', {
            waiting: of('submitted'),
            processing: of('processing'),
            rejected: of('rejected'),
          })
        }
        actions={order}
      />
      <FilterBar area="orders" filters={choices} state={filters} />
      <DataTable
        id="orders"
        caption={t('order.caption')}
        columns={columns}
        list={list}
        rowId={(row) => row.order_id}
        openId={url.open}
        onOpen={(row) => change({ open: row.order_id })}
        empty={
          <EmptyState title={t('order.none')} action={order}>
            {t('order.why')}
          </EmptyState>
        }
      />
      {open && (
        <OrderDrawer
          key={open.order_id}
          order={open}
          onClose={() => change({ open: null })}
          onNext={() => go(rows[at + 1])}
          onPrevious={() => go(rows[at - 1])}
        />
      )}
    </>
  )
}

export function useOrderFilters(): Filter[] {
  const { t } = useTranslation('ordering')
  return useMemo(
    () => [
      {
        name: 'state',
        label: t('column.state'),
        kind: 'choice',
        options: ORDER_STATES.map((value) => ({ value, label: t(`state.${value}`) })),
      },
    ],
    [t],
  )
}

export function OrderState({ order }: { order: Order }) {
  const { t } = useTranslation('ordering')
  return <StateTag tone={TONES[order.state]}>{t(`state.${order.state}`)}</StateTag>
}

export function useOrderColumns(): Column<Order>[] {
  const { t } = useTranslation('ordering')
  return useMemo(
    () => [
      {
        key: 'id',
        title: t('column.order'),
        isFixed: true,
        render: (row) => <IdText id={row.order_id} />,
      },
      { key: 'state', title: t('column.state'), render: (row) => <OrderState order={row} /> },
      {
        key: 'issued',
        title: t('column.issued'),
        align: 'end',
        render: (row) => t('order.progress', { issued: row.issued, quantity: row.quantity }),
      },
      { key: 'app', title: t('field.app'), render: (row) => <AppName appKey={row.app_key} /> },
      {
        key: 'expected',
        title: t('column.expected'),
        render: ({ state, expected_on: day }) =>
          state === 'submitted' || state === 'processing' ? day : NONE,
      },
      { key: 'reason', title: t('column.reason'), render: ({ reason }) => reason || NONE },
      { key: 'since', title: t('column.since'), render: (row) => <TimeText at={row.since} /> },
      {
        key: 'urged',
        title: t('urge.last'),
        isExtra: true,
        render: (row) => <TimeText at={row.urged_at} />,
      },
    ],
    [t],
  )
}
