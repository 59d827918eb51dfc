import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '@/api/client'
import { useRight, useSession } from '@/app/SessionContext'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import { FilterBar } from '@/kit/FilterBar'
import { MaskedNumber } from '@/kit/MaskedNumber'
import { PageHead } from '@/kit/PageHead'
import { StateTag, type Tone } from '@/kit/StateTag'
import { NONE, TimeText } from '@/kit/Texts'
import { useApplications } from '@/kit/useDirectory'
import { type Filter, useFilters } from '@/kit/useFilters'
import { useList } from '@/kit/useList'
import { RegistrantDrawer } from './RegistrantDrawer'
import { ReportDialog } from './ReportDialog'

export type Registrant = Schema<'RegistrantView'>

const STATUSES = [
  'waiting',
  'registered',
  'failed',
] as const satisfies readonly Registrant['status'][]
export const TONES: Record<Registrant['status'], Tone> = {
  waiting: 'warn',
  registered: 'ok',
  failed: 'bad',
}

/** Whom do the A numbers belong to, who is verified, and whose calls are intercepted meanwhile? */
export default function ActualUsersPage() {
  const { t } = useTranslation('registrants')
  const { tenant } = useSession()
  const mayReport = useRight('registrant.write') && tenant !== null
  const choices = useMemo<Filter[]>(
    () => [
      {
        name: 'status',
        label: t('column.status'),
        kind: 'choice',
        options: STATUSES.map((value) => ({ value, label: t(`status.${value}`) })),
      },
    ],
    [t],
  )
  const filters = useFilters(choices)
  const list = useList<Registrant>('/registrants', filters.query)
  const columns = useColumns(tenant === null)
  // Names of numbers are for this caller and half an hour: they stay out of the address.
  const [open, setOpen] = useState<number | null>(null)
  const [isReporting, setReporting] = useState(false)
  const rows = list.rows ?? []
  const chosen = open === null ? undefined : rows[open]
  return (
    <>
      <PageHead
        title={t('title')}
        verdict={<Verdict rows={list.rows} />}
        actions={
          mayReport && (
            <Button
              type="primary"
              data-testid="registrants.report"
              onClick={() => setReporting(true)}
            >
              {t('report.open')}
            </Button>
          )
        }
      />
      <FilterBar area="registrants" filters={choices} state={filters} />
      <DataTable
        id="registrants"
        caption={t('caption')}
        columns={columns}
        list={list}
        rowId={idOf}
        onOpen={(row) => setOpen(rows.indexOf(row))}
        empty={<EmptyState title={t('empty.title')}>{t('empty.text')}</EmptyState>}
      />
      {chosen && open !== null && (
        <RegistrantDrawer
          key={idOf(chosen)}
          registrant={chosen}
          onClose={() => setOpen(null)}
          onNext={() => rows[open + 1] && setOpen(open + 1)}
          onPrevious={() => open > 0 && setOpen(open - 1)}
        />
      )}
      {isReporting && tenant && (
        <ReportDialog tenantId={tenant.tenant_id} onClose={() => setReporting(false)} />
      )}
    </>
  )
}

const idOf = (one: Registrant) => `${one.tenant_id} ${one.number} ${one.submitted_at}`

/** How the rows of this page stand, and which applications refuse calls of others. */
function Verdict({ rows }: { rows?: readonly Registrant[] }) {
  const { t } = useTranslation('registrants')
  const apps = useApplications()
  if (!rows) return null
  const waiting = rows.filter(({ status }) => status === 'waiting').length
  const strict = apps.items.filter((one) => one.intercepts_unregistered).length
  return `${t('verdict.waiting', { count: waiting })} ${t('verdict.strict', { count: strict })}`
}

function useColumns(isPlatform: boolean): Column<Registrant>[] {
  const { t } = useTranslation('registrants')
  const all: Column<Registrant>[] = [
    {
      key: 'number',
      title: t('column.number'),
      render: ({ number }) => <MaskedNumber masked={number} role="A" />,
      isFixed: true,
    },
    {
      key: 'status',
      title: t('column.status'),
      render: ({ status }) => <StateTag tone={TONES[status]}>{t(`status.${status}`)}</StateTag>,
    },
    { key: 'tenant', title: t('column.tenant'), render: ({ tenant_id }) => tenant_id },
    { key: 'name', title: t('column.name'), render: ({ name }) => name },
    {
      key: 'reason',
      title: t('column.reason'),
      render: ({ fail_reason }) => fail_reason ?? NONE,
    },
    {
      key: 'submitted',
      title: t('column.submitted'),
      render: ({ submitted_at: at }) => <TimeText at={at} />,
    },
  ]
  return all.filter(({ key }) => isPlatform || key !== 'tenant')
}
