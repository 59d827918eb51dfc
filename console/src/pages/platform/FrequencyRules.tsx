import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '@/app/SessionContext'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import type { Field } from '@/kit/Fields'
import { FilterBar } from '@/kit/FilterBar'
import { formatCount } from '@/kit/format'
import { StateTag } from '@/kit/StateTag'
import { NONE, TimeText } from '@/kit/Texts'
import { type Filter, useFilters } from '@/kit/useFilters'
import { useList } from '@/kit/useList'
import { useUrl } from '@/kit/useUrl'
import { GuardDrawer } from './GuardDrawer'
import { GuardPlace, useMaker } from './GuardPlace'
import { type FrequencyRule, SCOPES } from './guard'

/** How often calls may come. */
export function FrequencyRules() {
  const { t } = useTranslation('platform')
  const isPlatform = useRight('guard.write')
  const choices = useMemo<Filter[]>(
    () => [
      {
        name: 'scope',
        label: t('guard.scopeOf'),
        kind: 'choice',
        options: SCOPES.filter((one) => isPlatform || one !== 'platform').map((value) => ({
          value,
          label: t(`guard.scope.${value}`),
        })),
      },
    ],
    [t, isPlatform],
  )
  const filters = useFilters(choices)
  const list = useList<FrequencyRule>('/frequency-rules', filters.query)
  const columns = useColumns()
  const fields = useFields()
  const [url, change] = useUrl()
  const rows = list.rows ?? []
  const open = rows.findIndex((one) => one.rule_id === url.open)
  const goTo = (at: number) => rows[at] && change({ open: rows[at].rule_id })
  return (
    <>
      <FilterBar area="guard" filters={choices} state={filters} />
      <DataTable
        id="guard.rules"
        caption={t('rule.caption')}
        columns={columns}
        list={list}
        rowId={(one) => one.rule_id}
        onOpen={(one) => change({ open: one.rule_id })}
        openId={url.open}
        empty={<EmptyState title={t('rule.empty')}>{t('rule.emptyWhy')}</EmptyState>}
      />
      {rows[open] && (
        <GuardDrawer
          key={rows[open].rule_id}
          about="rule"
          path="/frequency-rules"
          id={rows[open].rule_id}
          object={rows[open]}
          title={t('rule.said', rows[open])}
          fields={fields(rows[open])}
          onClose={() => change({ open: null })}
          onNext={() => goTo(open + 1)}
          onPrevious={() => goTo(open - 1)}
        />
      )}
    </>
  )
}

function useStanding() {
  const { t } = useTranslation('platform')
  return (one: FrequencyRule) => (
    <StateTag tone={one.is_enabled ? 'ok' : 'plain'}>
      {t(one.is_enabled ? 'rule.on' : 'rule.off')}
    </StateTag>
  )
}

function useColumns(): Column<FrequencyRule>[] {
  const { t } = useTranslation('platform')
  const state = useStanding()
  return [
    {
      key: 'counted',
      title: t('rule.field.counted'),
      render: (one) => t(`rule.option.counted.${one.counted}`),
      isFixed: true,
    },
    { key: 'bound', title: t('rule.bound'), render: (one) => t('rule.said', one), isFixed: true },
    { key: 'place', title: t('guard.scopeOf'), render: (one) => <GuardPlace rule={one} /> },
    { key: 'state', title: t('column.state'), render: state },
    { key: 'release', title: t('rule.release'), render: (one) => <code>{one.release}</code> },
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
    { key: 'note', title: t('rule.field.note'), render: (one) => one.note || NONE, isExtra: true },
  ]
}

function useFields() {
  const { t } = useTranslation('platform')
  const maker = useMaker()
  const state = useStanding()
  return (one: FrequencyRule): Field[] => [
    {
      label: t('rule.field.counted'),
      wire: 'counted',
      value: t(`rule.option.counted.${one.counted}`),
    },
    { label: t('guard.scopeOf'), wire: 'scope', value: <GuardPlace rule={one} /> },
    { label: t('column.state'), wire: 'is_enabled', value: state(one) },
    { label: t('rule.release'), wire: 'release', value: <code>{one.release}</code> },
    { label: t('rule.field.note'), wire: 'note', value: one.note || NONE },
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
