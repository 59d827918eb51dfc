import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '@/app/SessionContext'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import type { Field } from '@/kit/Fields'
import { FilterBar } from '@/kit/FilterBar'
import { formatCount } from '@/kit/format'
import { MaskedNumber } from '@/kit/MaskedNumber'
import { StateTag } from '@/kit/StateTag'
import { NONE, TimeText } from '@/kit/Texts'
import { type Filter, useFilters } from '@/kit/useFilters'
import { useList } from '@/kit/useList'
import { useUrl } from '@/kit/useUrl'
import { GuardDrawer } from './GuardDrawer'
import { GuardPlace, useMaker } from './GuardPlace'
import { type CallBlock, DIRECTIONS, SCOPES } from './guard'

/** Numbers whose calls are refused. */
export function CallBlocks() {
  const { t } = useTranslation('platform')
  const isPlatform = useRight('guard.write')
  const choices = useMemo<Filter[]>(
    () => [
      { name: 'who', label: t('block.field.number'), kind: 'number' },
      {
        name: 'scope',
        label: t('guard.scopeOf'),
        kind: 'choice',
        options: SCOPES.filter((one) => isPlatform || one !== 'platform').map((value) => ({
          value,
          label: t(`guard.scope.${value}`),
        })),
      },
      {
        name: 'direction',
        label: t('block.field.direction'),
        kind: 'choice',
        options: DIRECTIONS.map((value) => ({
          value,
          label: t(`block.option.direction.${value}`),
        })),
      },
    ],
    [t, isPlatform],
  )
  const filters = useFilters(choices)
  const list = useList<CallBlock>('/call-blocks', filters.query)
  const columns = useColumns()
  const fields = useFields()
  const [url, change] = useUrl()
  const rows = list.rows ?? []
  const open = rows.findIndex((one) => one.block_id === url.open)
  const goTo = (at: number) => rows[at] && change({ open: rows[at].block_id })
  return (
    <>
      <FilterBar area="guard" filters={choices} state={filters} />
      <DataTable
        id="guard.blocks"
        caption={t('block.caption')}
        columns={columns}
        list={list}
        rowId={(one) => one.block_id}
        onOpen={(one) => change({ open: one.block_id })}
        openId={url.open}
        empty={<EmptyState title={t('block.empty')}>{t('block.emptyWhy')}</EmptyState>}
      />
      {rows[open] && (
        <GuardDrawer
          key={rows[open].block_id}
          about="block"
          path="/call-blocks"
          id={rows[open].block_id}
          object={rows[open]}
          title={<MaskedNumber masked={rows[open].number} />}
          fields={fields(rows[open])}
          onClose={() => change({ open: null })}
          onNext={() => goTo(open + 1)}
          onPrevious={() => goTo(open - 1)}
        />
      )}
    </>
  )
}

function Until({ block }: { block: CallBlock }) {
  const { t } = useTranslation('platform')
  if (block.is_over) return <StateTag>{t('block.over')}</StateTag>
  return block.until ? <TimeText at={block.until} /> : t('block.noEnd')
}

function useColumns(): Column<CallBlock>[] {
  const { t } = useTranslation('platform')
  return [
    {
      key: 'number',
      title: t('block.field.number'),
      render: (one) => <MaskedNumber masked={one.number} />,
      isFixed: true,
    },
    {
      key: 'direction',
      title: t('block.field.direction'),
      render: (one) => t(`block.option.direction.${one.direction}`),
    },
    { key: 'place', title: t('guard.scopeOf'), render: (one) => <GuardPlace rule={one} /> },
    { key: 'reason', title: t('block.field.reason'), render: (one) => one.reason },
    { key: 'until', title: t('block.field.until'), render: (one) => <Until block={one} /> },
    {
      key: 'hits',
      title: t('guard.hits'),
      render: (one) => formatCount(one.hits),
      align: 'end',
      isFixed: true,
    },
    {
      key: 'lastHit',
      title: t('guard.lastHit'),
      render: (one) => (one.last_hit_at ? <TimeText at={one.last_hit_at} /> : NONE),
    },
  ]
}

function useFields() {
  const { t } = useTranslation('platform')
  const maker = useMaker()
  return (one: CallBlock): Field[] => [
    {
      label: t('block.field.number'),
      wire: 'number',
      value: (
        <MaskedNumber
          masked={one.number}
          reveal={{ kind: 'call_block', objectId: one.block_id, field: 'number' }}
        />
      ),
    },
    { label: t('guard.scopeOf'), wire: 'scope', value: <GuardPlace rule={one} /> },
    {
      label: t('block.field.direction'),
      wire: 'direction',
      value: t(`block.option.direction.${one.direction}`),
    },
    { label: t('block.field.reason'), wire: 'reason', value: one.reason },
    { label: t('block.field.evidence'), wire: 'evidence', value: one.evidence || NONE },
    { label: t('block.field.until'), wire: 'until', value: <Until block={one} /> },
    { label: t('guard.made'), wire: 'created_at', value: <TimeText at={one.created_at} /> },
    { label: t('guard.madeBy'), wire: 'created_by', value: maker(one) },
    { label: t('guard.hits'), wire: 'hits', value: formatCount(one.hits) },
    {
      label: t('guard.lastHit'),
      wire: 'last_hit_at',
      value: one.last_hit_at ? <TimeText at={one.last_hit_at} /> : NONE,
    },
  ]
}
