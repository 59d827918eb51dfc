import './bindings.css'
import { useNavigate } from '@tanstack/react-router'
import { Button, Tabs } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '@/app/SessionContext'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import { ExportButton } from '@/kit/ExportButton'
import { FilterBar } from '@/kit/FilterBar'
import { PageHead } from '@/kit/PageHead'
import { useApplications } from '@/kit/useDirectory'
import { type Filter, RANGES, type RangeName, useFilters } from '@/kit/useFilters'
import { useList } from '@/kit/useList'
import { useSelection } from '@/kit/useSelection'
import { useUrl } from '@/kit/useUrl'
import { type Binding, type EndedBinding, MODES } from './binding'
import { modeName, useBindingColumns } from './columns'
import { UnbindMany } from './Unbind'

/** Who is bound to what, now and before? */
export default function BindingsPage() {
  const { t } = useTranslation('bindings')
  const navigate = useNavigate()
  const [url, change] = useUrl()
  const mayBind = [useRight('binding.write'), useRight('sandbox.use')].includes(true)
  const isEnded = url.view === 'ended'
  const turn = (view: string) =>
    change({ view: view === 'ended' ? 'ended' : null, mode: null, after: null, trail: null })
  return (
    <>
      <PageHead
        title={t('title')}
        verdict={t(isEnded ? 'verdict.ended' : 'verdict.live')}
        actions={
          mayBind && (
            <Button
              type="primary"
              data-testid="bindings.bind"
              onClick={() =>
                void navigate({ to: '/bindings/new', search: { app: url.app_key ?? '' } as never })
              }
            >
              {t('bind.open')}
            </Button>
          )
        }
      />
      <Tabs
        activeKey={isEnded ? 'ended' : 'live'}
        onChange={turn}
        destroyOnHidden
        items={[
          { key: 'live', label: t('view.live'), children: <Live /> },
          { key: 'ended', label: t('view.ended'), children: <Ended /> },
        ]}
      />
    </>
  )
}

function useSharedFilters(): Filter[] {
  const { t } = useTranslation('bindings')
  const apps = useApplications()
  return useMemo<Filter[]>(
    () => [
      {
        name: 'app_key',
        label: t('column.app'),
        kind: 'choice',
        options: apps.items.map(({ app_key, name, mode }) => ({
          value: app_key,
          label: `${name} (${mode.toUpperCase()})`,
        })),
      },
      { name: 'x', label: 'X', kind: 'text', placeholder: '+86170…' },
      { name: 'who', label: t('filter.who'), kind: 'number' },
      {
        name: 'mode',
        label: t('column.mode'),
        kind: 'choice',
        options: MODES.map((value) => ({ value, label: modeName(value) })),
      },
    ],
    [t, apps.items],
  )
}

const HOUR_MS = 3_600_000

/** The moment that lies so far ahead; nothing for what is no known length. */
function momentIn(length: unknown): string | undefined {
  const hours = RANGES[length as RangeName]
  return hours ? new Date(Date.now() + hours * HOUR_MS).toISOString() : undefined
}

function Live() {
  const { t } = useTranslation('bindings')
  const navigate = useNavigate()
  const mayUnbind = [useRight('binding.delete'), useRight('sandbox.use')].includes(true)
  const shared = useSharedFilters()
  const choices = useMemo<Filter[]>(
    () => [
      ...shared,
      {
        name: 'expiring',
        label: t('filter.expiring'),
        kind: 'choice',
        options: (['1h', '24h', '7d'] as const).map((value) => ({
          value,
          label: t(`filter.within.${value}`),
        })),
      },
    ],
    [t, shared],
  )
  const filters = useFilters(choices)
  const { expiring, ...asked } = filters.query
  const before = useMemo(() => momentIn(expiring), [expiring])
  const query = { ...asked, expires_before: before, order: 'newest' }
  const list = useList<Binding>('/bindings', query)
  const selection = useSelection()
  const apps = useApplications()
  const isModeX = apps.byKey.get(filters.values.app_key ?? '')?.mode === 'x'
  return (
    <>
      <div className="bindings-tools">
        <FilterBar area="bindings" filters={choices} state={filters} />
        <ExportButton kind="bindings" filter={query} />
      </div>
      <DataTable
        id="bindings"
        caption={t('caption.live')}
        columns={useBindingColumns(false)}
        list={list}
        rowId={({ binding_id }) => binding_id}
        onOpen={({ binding_id: id }) => void navigate({ to: '/bindings/$id', params: { id } })}
        selection={mayUnbind ? selection : undefined}
        bulk={(ids) => <UnbindMany ids={ids} onDone={selection.clear} />}
        empty={
          isModeX ? (
            <EmptyState title={t('bind.modeX')}>{t('bind.modeXText')}</EmptyState>
          ) : (
            <EmptyState title={t(filters.active.length ? 'empty.filtered' : 'empty.live')}>
              {filters.values.who ? t('empty.who') : t('empty.text')}
            </EmptyState>
          )
        }
      />
    </>
  )
}

function Ended() {
  const { t } = useTranslation('bindings')
  const navigate = useNavigate()
  const shared = useSharedFilters()
  const choices = useMemo<Filter[]>(
    () => [
      { name: 'range', label: t('filter.range'), kind: 'range', usual: '31d', from: 'since' },
      ...shared,
    ],
    [t, shared],
  )
  const filters = useFilters(choices)
  const list = useList<EndedBinding>('/ended-bindings', filters.query)
  return (
    <>
      <div className="bindings-tools">
        <FilterBar area="ended" filters={choices} state={filters} />
        <ExportButton kind="ended_bindings" filter={filters.query} />
      </div>
      <DataTable
        id="ended"
        caption={t('caption.ended')}
        columns={useBindingColumns(true)}
        list={list}
        // A binding that a change replaced lives on under its id: it may be here more than once.
        rowId={(row) => `${row.binding_id} ${row.ended_at}`}
        onOpen={({ binding_id: id }) => void navigate({ to: '/bindings/$id', params: { id } })}
        empty={
          <EmptyState title={t(filters.active.length ? 'empty.filtered' : 'empty.ended')}>
            {filters.values.who ? t('empty.who') : t('empty.endedText')}
          </EmptyState>
        }
      />
    </>
  )
}
