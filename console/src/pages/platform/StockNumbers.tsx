import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '@/api/client'
import { useRight } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { ConfirmButton } from '@/kit/ConfirmButton'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { DetailDrawer } from '@/kit/DetailDrawer'
import { EmptyState } from '@/kit/EmptyState'
import { Fields } from '@/kit/Fields'
import { FilterBar } from '@/kit/FilterBar'
import { formatCount } from '@/kit/format'
import { NONE, NumberText, TimeText } from '@/kit/Texts'
import { useCities } from '@/kit/useDirectory'
import { type Filter, useFilters } from '@/kit/useFilters'
import { useList } from '@/kit/useList'
import { useUrl } from '@/kit/useUrl'
import type { FieldSpec } from './fields'
import { ObjectForm } from './ObjectForm'

export type StockNumber = Schema<'StockNumberView'>

export const KINDS = [
  'carrier',
  'virtual_operator',
] as const satisfies readonly StockNumber['kind'][]

const FIELDS: readonly FieldSpec[] = [
  { name: 'area_code', kind: 'text', start: '', isRequired: true },
  { name: 'kind', kind: 'choice', start: 'carrier', options: KINDS },
  { name: 'may_message', kind: 'flag', start: true },
  { name: 'supplier', kind: 'text', start: '' },
  { name: 'cost', kind: 'int', start: 0, min: 0 },
  { name: 'scheme', kind: 'int', start: null, min: 1, max: 6 },
  { name: 'free_from', kind: 'time', start: null },
  { name: 'note', kind: 'text', start: '' },
]

/** Numbers that belong to nobody, one by one. */
export function StockNumbers() {
  const { t } = useTranslation(['platform', 'numbers'])
  const cities = useCities()
  const choices = useMemo<Filter[]>(
    () => [
      {
        name: 'area_code',
        label: t('numbers:column.city'),
        kind: 'choice',
        options: cities.items.map(({ code, name }) => ({ value: code, label: `${name} ${code}` })),
      },
      {
        name: 'kind',
        label: t('numbers:column.kind'),
        kind: 'choice',
        options: KINDS.map((value) => ({ value, label: t(`numbers:kind.${value}`) })),
      },
    ],
    [t, cities.items],
  )
  const filters = useFilters(choices)
  const list = useList<StockNumber>('/stock', filters.query)
  const columns = useColumns()
  const [url, change] = useUrl()
  const rows = list.rows ?? []
  const open = rows.findIndex((one) => one.number === url.open)
  const goTo = (at: number) => rows[at] && change({ open: rows[at].number })
  return (
    <>
      <FilterBar area="stock" filters={choices} state={filters} />
      <DataTable
        id="stock"
        caption={t('stock.caption')}
        columns={columns}
        list={list}
        rowId={({ number }) => number}
        onOpen={({ number }) => change({ open: number })}
        openId={url.open}
        empty={<EmptyState title={t('stock.empty')}>{t('stock.emptyWhy')}</EmptyState>}
      />
      {rows[open] && (
        <StockDrawer
          key={rows[open].number}
          number={rows[open]}
          onClose={() => change({ open: null })}
          onNext={() => goTo(open + 1)}
          onPrevious={() => goTo(open - 1)}
        />
      )}
    </>
  )
}

function FreeFrom({ number }: { number: StockNumber }) {
  const { t } = useTranslation('platform')
  const isFree = Date.parse(number.free_from) <= Date.now()
  return isFree ? t('stock.isFree') : <TimeText at={number.free_from} />
}

function useColumns(): Column<StockNumber>[] {
  const { t } = useTranslation(['platform', 'numbers'])
  const cities = useCities()
  return [
    {
      key: 'number',
      title: t('numbers:column.number'),
      render: ({ number }) => <NumberText number={number} />,
      isFixed: true,
    },
    {
      key: 'city',
      title: t('numbers:column.city'),
      render: ({ area_code: code }) => `${cities.byCode.get(code) ?? ''} ${code}`.trim(),
    },
    {
      key: 'kind',
      title: t('numbers:column.kind'),
      render: ({ kind }) => t(`numbers:kind.${kind}`),
    },
    {
      key: 'sms',
      title: t('numbers:column.sms'),
      render: ({ may_message: may }) => t(may ? 'numbers:sms.on' : 'numbers:sms.off'),
    },
    {
      key: 'free',
      title: t('stock.field.free_from'),
      render: (one) => <FreeFrom number={one} />,
    },
    {
      key: 'supplier',
      title: t('stock.field.supplier'),
      render: ({ supplier }) => supplier || NONE,
    },
    { key: 'scheme', title: t('stock.field.scheme'), render: ({ scheme }) => scheme ?? NONE },
    { key: 'note', title: t('stock.field.note'), render: ({ note }) => note || NONE },
  ]
}

interface DrawerProps {
  number: StockNumber
  onClose: () => void
  onNext: () => void
  onPrevious: () => void
}

function StockDrawer({ number, ...moves }: DrawerProps) {
  const { t } = useTranslation(['platform', 'numbers'])
  const client = useQueryClient()
  const cities = useCities()
  const mayWrite = useRight('stock.write')
  const [isChanging, setChanging] = useState(false)
  const city = cities.byCode.get(number.area_code) ?? ''
  return (
    <DetailDrawer title={<NumberText number={number.number} />} testId="stock.number" {...moves}>
      <Fields
        fields={[
          { label: t('stock.field.area_code'), value: `${city} ${number.area_code}`.trim() },
          { label: t('stock.field.kind'), value: t(`numbers:kind.${number.kind}`) },
          {
            label: t('stock.field.may_message'),
            value: t(number.may_message ? 'numbers:sms.on' : 'numbers:sms.off'),
          },
          { label: t('stock.field.supplier'), value: number.supplier || NONE },
          { label: t('stock.field.cost'), value: formatCount(number.cost) },
          { label: t('stock.field.scheme'), value: number.scheme ?? NONE },
          { label: t('stock.field.free_from'), value: <FreeFrom number={number} /> },
          { label: t('stock.added'), value: <TimeText at={number.added_at} /> },
          { label: t('stock.field.note'), value: number.note || NONE },
        ]}
      />
      {mayWrite && (
        <div className="mk-actions">
          <Button data-testid="stock.number.change" onClick={() => setChanging(true)}>
            {t('form.open')}
          </Button>
          <ConfirmButton
            label={t('stock.remove')}
            level={1}
            danger
            effect={<p>{t('stock.removeEffect')}</p>}
            testId="stock.number.remove"
            onConfirm={async ({ send }) => {
              await send('DELETE', '/stock/{number}', { params: { number: number.number } })
              moves.onClose()
              await client.invalidateQueries({ queryKey: ['/stock'] })
              await client.invalidateQueries({ queryKey: ['/stock/counts'] })
              toast(t('stock.removed'))
            }}
          />
        </div>
      )}
      {isChanging && (
        <ObjectForm
          about="stock"
          path="/stock"
          fields={FIELDS}
          before={number}
          name={number.number}
          onClose={() => {
            setChanging(false)
            void client.invalidateQueries({ queryKey: ['/stock/counts'] })
          }}
        />
      )}
    </DetailDrawer>
  )
}
