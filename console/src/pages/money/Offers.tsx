import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toast } from '@/app/toast'
import { ConfirmButton } from '@/kit/ConfirmButton'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import { formatCount } from '@/kit/format'
import { StateTag } from '@/kit/StateTag'
import { useList } from '@/kit/useList'
import { PackageForm } from './forms'
import { type Package, useMoney } from './money'

/** The packages that tenants may buy, and those of before. */
export function Offers({ currency }: { currency: string }) {
  const { t } = useTranslation('money')
  const [isAdding, setAdding] = useState(false)
  return (
    <>
      <div className="money-bar">
        <Button type="primary" data-testid="money.package.add" onClick={() => setAdding(true)}>
          {t('package.add')}
        </Button>
      </div>
      <DataTable
        id="money.offers"
        caption={t('package.caption')}
        columns={useColumns(currency)}
        list={useList<Package>('/packages')}
        rowId={(one) => one.package_id}
        empty={<EmptyState title={t('package.none')} />}
      />
      {isAdding && <PackageForm currency={currency} onClose={() => setAdding(false)} />}
    </>
  )
}

function useColumns(currency: string): Column<Package>[] {
  const { t } = useTranslation('money')
  const money = useMoney(currency)
  return [
    { key: 'name', title: t('package.name'), render: (one) => one.name, isFixed: true },
    {
      key: 'state',
      title: t('package.state'),
      render: (one) => (
        <StateTag tone={one.is_sold ? 'ok' : 'plain'}>
          {t(one.is_sold ? 'package.isSold' : 'package.notSold')}
        </StateTag>
      ),
      isFixed: true,
    },
    {
      key: 'minutes',
      title: t('package.minutes'),
      render: (one) => formatCount(one.minutes),
      align: 'end',
    },
    {
      key: 'messages',
      title: t('package.messages'),
      render: (one) => formatCount(one.messages),
      align: 'end',
    },
    { key: 'price', title: t('column.price'), render: (one) => money(one.price), align: 'end' },
    { key: 'sell', title: t('package.action'), render: (one) => <Sell offer={one} /> },
  ]
}

function Sell({ offer }: { offer: Package }) {
  const { t } = useTranslation('money')
  const client = useQueryClient()
  return (
    <ConfirmButton
      label={t(offer.is_sold ? 'package.stop' : 'package.again')}
      level={1}
      size="small"
      effect={<p>{t('package.stays', { name: offer.name })}</p>}
      testId="money.package.sell"
      onConfirm={async ({ edit }) => {
        await edit('/packages/{package_id}', {
          params: { package_id: offer.package_id },
          before: offer,
          body: { is_sold: !offer.is_sold },
        })
        await client.invalidateQueries({ queryKey: ['/packages'] })
        toast(t('package.changed'))
      }}
    />
  )
}
