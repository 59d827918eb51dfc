import './settings.css'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '@/api/client'
import { useRight, useSession } from '@/app/SessionContext'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import { FilterBar } from '@/kit/FilterBar'
import { PageHead } from '@/kit/PageHead'
import { NONE, TimeText } from '@/kit/Texts'
import { type Filter, useFilters } from '@/kit/useFilters'
import { useList } from '@/kit/useList'
import { useUrl } from '@/kit/useUrl'
import { AuditDrawer } from './AuditDrawer'

export type AuditEvent = Schema<'AuditEventView'>

/** Who changed what, from where, and what was it before? */
export default function AuditPage() {
  const { t } = useTranslation(['settings', 'shell'])
  const mayReadAll = useRight('audit.read')
  const { tenant } = useSession()
  const choices = useMemo<Filter[]>(
    () => [
      { name: 'range', label: t('audit.range'), kind: 'range', usual: '7d', from: 'since' },
      { name: 'object', label: t('audit.object'), kind: 'text', placeholder: '/applications/…' },
      { name: 'action', label: t('audit.action'), kind: 'text' },
      ...(mayReadAll ? [{ name: 'user_id', label: t('audit.userId'), kind: 'text' } as const] : []),
    ],
    [t, mayReadAll],
  )
  const filters = useFilters(choices)
  const list = useList<AuditEvent>('/audit-events', filters.query)
  const columns = useAuditColumns(tenant === null)
  const [url, change] = useUrl()
  const rows = list.rows ?? []
  const at = rows.findIndex(({ event_id: id }) => id === url.open)
  const open = rows[at]
  const go = (row?: AuditEvent) => row && change({ open: row.event_id }, { replace: true })
  return (
    <>
      <PageHead
        title={t('shell:nav.audit')}
        verdict={
          list.rows &&
          `${t(mayReadAll ? 'audit.all' : 'audit.own')} ${t('audit.count', {
            n: `${rows.length}${list.hasNext ? '+' : ''}`,
            people: new Set(rows.map(({ name }) => name)).size,
          })}`
        }
      />
      <FilterBar area="audit" filters={choices} state={filters} />
      <DataTable
        id="audit"
        caption={t('audit.caption')}
        columns={columns}
        list={list}
        rowId={({ event_id: id }) => id}
        openId={url.open}
        onOpen={({ event_id: id }) => change({ open: id })}
        empty={<EmptyState title={t('audit.none')}>{t('audit.noneText')}</EmptyState>}
      />
      {open && (
        <AuditDrawer
          event={open}
          onClose={() => change({ open: null })}
          onNext={() => go(rows[at + 1])}
          onPrevious={() => go(rows[at - 1])}
        />
      )}
    </>
  )
}

function useAuditColumns(isStaff: boolean): Column<AuditEvent>[] {
  const { t } = useTranslation('settings')
  return useMemo(
    () => [
      {
        key: 'at',
        title: t('audit.at'),
        isFixed: true,
        render: ({ at }) => <TimeText at={at} />,
      },
      { key: 'who', title: t('audit.who'), isFixed: true, render: (row) => <Who event={row} /> },
      { key: 'from', title: t('audit.from'), render: ({ address }) => address || NONE },
      { key: 'action', title: t('audit.action'), render: ({ action }) => <code>{action}</code> },
      {
        key: 'object',
        title: t('audit.object'),
        render: ({ object }) => (
          <span className="settings-object" title={object}>
            {object}
          </span>
        ),
      },
      {
        key: 'tenant',
        title: t('profile.tenant'),
        isExtra: !isStaff,
        render: ({ tenant_id: id }) => id ?? t('profile.platform'),
      },
    ],
    [t, isStaff],
  )
}

export function Who({ event }: { event: AuditEvent }) {
  const { t } = useTranslation('settings')
  const kind = event.caller_kind
  return (
    <>
      {event.name}
      {kind !== 'user' && (
        <span className="mk-quiet">
          {' '}
          ({t(kind === 'api_token' ? 'audit.byToken' : 'audit.byOperator')})
        </span>
      )}
    </>
  )
}
