import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/app/SessionContext'
import { AppName } from '@/kit/AppName'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { DetailDrawer } from '@/kit/DetailDrawer'
import { EmptyState } from '@/kit/EmptyState'
import { type Field, Fields } from '@/kit/Fields'
import { FilterBar } from '@/kit/FilterBar'
import { MaskedNumber } from '@/kit/MaskedNumber'
import { StateTag } from '@/kit/StateTag'
import { IdText, NONE, NumberText, TimeText } from '@/kit/Texts'
import { type Filter, useFilters } from '@/kit/useFilters'
import { useList } from '@/kit/useList'
import { useUrl } from '@/kit/useUrl'
import { type Complaint, STATES, TONES } from './conduct'
import { DecideComplaint } from './DecideComplaint'

/** Complaints of called persons, with what each rests on. */
export function Complaints() {
  const { t } = useTranslation('conduct')
  const choices = useMemo<Filter[]>(
    () => [
      {
        name: 'state',
        label: t('state'),
        kind: 'choice',
        options: STATES.map((value) => ({ value, label: t(`complaint.state.${value}`) })),
      },
    ],
    [t],
  )
  const filters = useFilters(choices)
  const list = useList<Complaint>('/complaints', filters.query)
  const [url, change] = useUrl()
  const columns = useColumns()
  const fields = useFields()
  const rows = list.rows ?? []
  const at = rows.findIndex((one) => one.complaint_id === url.open)
  const open = rows[at]
  const goTo = (place: number) => rows[place] && change({ open: rows[place].complaint_id })
  return (
    <>
      <FilterBar area="conduct" filters={choices} state={filters} />
      <DataTable
        id="conduct.complaints"
        caption={t('complaint.all')}
        columns={columns}
        list={list}
        rowId={(one) => one.complaint_id}
        onOpen={(one) => change({ open: one.complaint_id })}
        openId={url.open}
        empty={<EmptyState title={t('complaint.empty')}>{t('complaint.emptyWhy')}</EmptyState>}
      />
      {open && (
        <DetailDrawer
          key={open.complaint_id}
          title={t(`cause.${open.cause}`)}
          testId="conduct.complaint"
          onClose={() => change({ open: null })}
          onNext={() => goTo(at + 1)}
          onPrevious={() => goTo(at - 1)}
        >
          <Fields fields={fields(open)} />
          <DecideComplaint complaint={open} />
        </DetailDrawer>
      )}
    </>
  )
}

function State({ of }: { of: Complaint }) {
  const { t } = useTranslation('conduct')
  return <StateTag tone={TONES[of.state]}>{t(`complaint.state.${of.state}`)}</StateTag>
}

function useColumns(): Column<Complaint>[] {
  const { t } = useTranslation('conduct')
  const { tenant } = useSession()
  const columns: Column<Complaint>[] = [
    {
      key: 'cause',
      title: t('cause.label'),
      render: (one) => t(`cause.${one.cause}`),
      isFixed: true,
    },
    { key: 'x', title: t('x'), render: (one) => <NumberText number={one.x} /> },
    { key: 'app', title: t('app'), render: (one) => <AppName appKey={one.app_key} /> },
    { key: 'tenant', title: t('tenant'), render: (one) => one.tenant_id },
    { key: 'state', title: t('state'), render: (one) => <State of={one} /> },
    { key: 'made', title: t('made'), render: (one) => <TimeText at={one.created_at} /> },
  ]
  return tenant ? columns.filter(({ key }) => key !== 'tenant') : columns
}

function useFields() {
  const { t } = useTranslation('conduct')
  return (one: Complaint): Field[] => [
    { label: t('state'), wire: 'state', value: <State of={one} /> },
    { label: t('x'), wire: 'x', value: <NumberText number={one.x} /> },
    { label: t('app'), wire: 'app_key', value: <AppName appKey={one.app_key} /> },
    { label: t('tenant'), wire: 'tenant_id', value: one.tenant_id },
    {
      label: t('session'),
      wire: 'session_id',
      value: one.session_id ? <IdText id={one.session_id} /> : NONE,
    },
    {
      label: t('complainant'),
      wire: 'complainant',
      value: one.complainant ? <MaskedNumber masked={one.complainant} /> : NONE,
    },
    { label: t('text'), wire: 'text', value: one.text || NONE },
    { label: t('evidence'), wire: 'evidence', value: one.evidence || NONE },
    { label: t('reason'), wire: 'reason', value: one.reason || NONE },
    { label: t('madeBy'), wire: 'made_by', value: one.made_by || NONE },
    { label: t('made'), wire: 'created_at', value: <TimeText at={one.created_at} /> },
    { label: t('since'), wire: 'since', value: <TimeText at={one.since} /> },
  ]
}
