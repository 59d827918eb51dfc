import './numbers.css'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '@/api/client'
import { AppName } from '@/kit/AppName'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import { FilterBar } from '@/kit/FilterBar'
import { PageHead } from '@/kit/PageHead'
import { StateTag } from '@/kit/StateTag'
import { NumberText, TimeText } from '@/kit/Texts'
import { useApplications, useCities } from '@/kit/useDirectory'
import { type Filter, useFilters } from '@/kit/useFilters'
import { useList } from '@/kit/useList'
import { StateOf } from './StateOf'

type Unnamed = Schema<'UnnamedView'>

const STATES = [
  'awaiting_real_name',
  'binding_frozen',
  'normal',
  'paused',
  'in_transfer',
] as const satisfies readonly Unnamed['state'][]

/** Of which numbers does a carrier not know yet whose they are, and until when must it? */
export default function RealNamePage() {
  const { t } = useTranslation('numbers')
  const navigate = useNavigate()
  const apps = useApplications()
  const choices = useMemo<Filter[]>(
    () => [
      {
        name: 'app_key',
        label: t('filter.app'),
        kind: 'choice',
        options: apps.items.map(({ app_key, name }) => ({ value: app_key, label: name })),
      },
      {
        name: 'state',
        label: t('column.state'),
        kind: 'choice',
        options: STATES.map((value) => ({ value, label: t(`state.${value}`) })),
      },
    ],
    [t, apps.items],
  )
  const filters = useFilters(choices)
  const list = useList<Unnamed>('/real-names', filters.query)
  const columns = useColumns()
  const late = list.rows?.filter(({ is_late }) => is_late).length ?? 0
  const isNone = list.rows?.length === 0 && filters.active.length === 0
  return (
    <>
      <PageHead
        title={t('realName.page')}
        tone={late > 0 ? 'warn' : 'plain'}
        verdict={
          isNone
            ? t('realName.allKnown')
            : late > 0
              ? t('realName.someLate', { count: late })
              : t('realName.someWait')
        }
      />
      <p className="mk-quiet">{t('realName.how')}</p>
      <FilterBar area="realName" filters={choices} state={filters} />
      <DataTable
        id="realName"
        caption={t('realName.caption')}
        columns={columns}
        list={list}
        rowId={({ number }) => number}
        onOpen={({ number }) => void navigate({ to: '/numbers/$id', params: { id: number } })}
        empty={<EmptyState title={t('realName.empty')} />}
      />
    </>
  )
}

function useColumns(): Column<Unnamed>[] {
  const { t } = useTranslation('numbers')
  const cities = useCities()
  return [
    {
      key: 'number',
      title: t('column.number'),
      render: ({ number }) => <NumberText number={number} />,
      isFixed: true,
    },
    {
      key: 'state',
      title: t('column.state'),
      render: ({ state }) => <StateOf number={{ state, cause: null }} />,
    },
    { key: 'app', title: t('column.app'), render: ({ app_key }) => <AppName appKey={app_key} /> },
    {
      key: 'city',
      title: t('column.city'),
      render: ({ area_code: code }) => `${cities.byCode.get(code) ?? ''} ${code}`.trim(),
    },
    {
      key: 'scheme',
      title: t('realName.scheme'),
      render: ({ scheme }) => t('realName.way', { n: scheme }),
    },
    {
      key: 'due',
      title: t('realName.due'),
      render: ({ due_at }) => (due_at ? <TimeText at={due_at} /> : t('realName.noDay')),
    },
    {
      key: 'late',
      title: t('realName.isLate'),
      render: ({ is_late }) => (
        <StateTag tone={is_late ? 'bad' : 'plain'}>
          {t(is_late ? 'realName.late' : 'realName.waits')}
        </StateTag>
      ),
    },
  ]
}
