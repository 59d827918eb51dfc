import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import { StateTag } from '@/kit/StateTag'
import { IdText, TimeText } from '@/kit/Texts'
import { useList } from '@/kit/useList'
import { TariffForm } from './forms'
import { PRICES, type Tariff, useMoney } from './money'

/** What is charged from when on; nobody changes a tariff, another one takes its place. */
export function Tariffs({ currency }: { currency: string }) {
  const { t } = useTranslation('money')
  const [isAdding, setAdding] = useState(false)
  const list = useList<Tariff>('/tariffs')
  const current = list.rows?.find((one) => one.state === 'current' && one.tenant_id === null)
  return (
    <>
      <div className="money-bar">
        <Button type="primary" data-testid="money.tariff.add" onClick={() => setAdding(true)}>
          {t('tariff.add')}
        </Button>
      </div>
      <DataTable
        id="money.tariffs"
        caption={t('tariff.caption')}
        columns={useColumns(currency)}
        list={list}
        rowId={(one) => one.tariff_id}
        empty={<EmptyState title={t('tariff.empty')} />}
      />
      {isAdding && (
        <TariffForm currency={currency} start={current} onClose={() => setAdding(false)} />
      )}
    </>
  )
}

function useColumns(currency: string): Column<Tariff>[] {
  const { t } = useTranslation('money')
  const money = useMoney(currency)
  return [
    {
      key: 'from',
      title: t('tariff.from'),
      render: (one) => <TimeText at={one.valid_from} />,
      isFixed: true,
    },
    {
      key: 'state',
      title: t('accounts.state'),
      render: (one) => (
        <StateTag tone={one.state === 'current' ? 'ok' : 'plain'}>
          {t(`tariffState.${one.state}`)}
        </StateTag>
      ),
      isFixed: true,
    },
    {
      key: 'tenant',
      title: t('tariff.tenant'),
      render: (one) => (one.tenant_id === null ? t('tariff.all') : <IdText id={one.tenant_id} />),
      isFixed: true,
    },
    ...PRICES.map(
      (name): Column<Tariff> => ({
        key: name,
        title: t(`price.${name}`),
        render: (one) => (one[name] === 0 ? t('free') : money(one[name])),
        align: 'end',
      }),
    ),
    { key: 'note', title: t('column.note'), render: (one) => one.note || '–', isExtra: true },
    { key: 'by', title: t('tariff.by'), render: (one) => one.created_by, isExtra: true },
  ]
}
