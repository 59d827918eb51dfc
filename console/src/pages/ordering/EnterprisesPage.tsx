import './ordering.css'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { type SyntheticEvent, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight, useSession } from '@/app/SessionContext'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { CancelButton, Dialog } from '@/kit/Dialog'
import { EmptyState } from '@/kit/EmptyState'
import { ErrorBox } from '@/kit/ErrorBox'
import { FilterBar } from '@/kit/FilterBar'
import { PageHead } from '@/kit/PageHead'
import { StateTag } from '@/kit/StateTag'
import { NONE, TimeText } from '@/kit/Texts'
import { useAction } from '@/kit/useAction'
import { type Filter, useFilters } from '@/kit/useFilters'
import { useList } from '@/kit/useList'
import { Check, Text } from './Choice'
import { ENTERPRISE_STATES, type Enterprise, shownState, TONES } from './ordering'

/** For which enterprises may numbers be ordered, and what do the others wait for? */
export default function EnterprisesPage() {
  const { t } = useTranslation('ordering')
  const { tenant } = useSession()
  const mayWrite = useRight('enterprise.write') && tenant !== null
  const navigate = useNavigate()
  const [isAdding, setAdding] = useState(false)
  const choices = useMemo<Filter[]>(
    () => [
      {
        name: 'state',
        label: t('column.state'),
        kind: 'choice',
        options: ENTERPRISE_STATES.map((value) => ({ value, label: t(`state.${value}`) })),
      },
    ],
    [t],
  )
  const filters = useFilters(choices)
  const list = useList<Enterprise>('/enterprises', filters.query)
  const rows = list.rows ?? []
  const of = (state: string) => rows.filter((row) => shownState(row) === state).length
  const open = (row: Enterprise) =>
    void navigate({ to: '/enterprises/$id', params: { id: row.enterprise_id } as never })
  const add = mayWrite && (
    <Button type="primary" data-testid="enterprises.add" onClick={() => setAdding(true)}>
      {t('enterprise.add')}
    </Button>
  )
  return (
    <>
      <PageHead
        title={t('enterprise.title')}
        tone={of('rejected') + of('expired') ? 'warn' : 'plain'}
        verdict={
          list.rows &&
          t(rows.length ? 'enterprise.verdict' : 'enterprise.none', {
            approved: of('approved'),
            waiting: of('waiting'),
            rejected: of('rejected') + of('expired'),
          })
        }
        actions={add}
      />
      <FilterBar area="enterprises" filters={choices} state={filters} />
      <DataTable
        id="enterprises"
        caption={t('enterprise.caption')}
        columns={useEnterpriseColumns()}
        list={list}
        rowId={(row) => row.enterprise_id}
        onOpen={open}
        empty={
          <EmptyState title={t('enterprise.none')} action={add}>
            {t('enterprise.why')}
          </EmptyState>
        }
      />
      {isAdding && <NewEnterprise onClose={() => setAdding(false)} onMade={open} />}
    </>
  )
}

export function EnterpriseState({ enterprise }: { enterprise: Enterprise }) {
  const { t } = useTranslation('ordering')
  const state = shownState(enterprise)
  return <StateTag tone={TONES[state]}>{t(`state.${state}`)}</StateTag>
}

export function useEnterpriseColumns(): Column<Enterprise>[] {
  const { t } = useTranslation('ordering')
  return useMemo(
    () => [
      {
        key: 'name',
        title: t('field.name'),
        isFixed: true,
        render: (row) => row.name || t('enterprise.unnamed'),
      },
      {
        key: 'state',
        title: t('column.state'),
        render: (row) => <EnterpriseState enterprise={row} />,
      },
      { key: 'reason', title: t('column.reason'), render: ({ reason }) => reason || NONE },
      {
        key: 'missing',
        title: t('column.missing'),
        render: ({ missing }) => (missing.length ? missing.length : NONE),
      },
      {
        key: 'expires',
        title: t('column.expires'),
        render: (row) => <TimeText at={row.expires_at} />,
      },
      { key: 'since', title: t('column.since'), render: (row) => <TimeText at={row.since} /> },
      {
        key: 'urged',
        title: t('urge.last'),
        isExtra: true,
        render: (row) => <TimeText at={row.urged_at} />,
      },
    ],
    [t],
  )
}

function NewEnterprise({
  onClose,
  onMade,
}: {
  onClose: () => void
  onMade: (made: Enterprise) => void
}) {
  const { t } = useTranslation('ordering')
  const { isBusy, error, act, form } = useAction()
  const create = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    await act(async ({ send }) => {
      const body = { name: String(given.get('name')).trim(), accepts_statement: true }
      onMade(await send<Enterprise>('POST', '/enterprises', { body }))
    })
  }
  return (
    <Dialog title={t('enterprise.add')} onClose={onClose} testId="enterprises.dialog">
      <form ref={form} className="mk-form" onSubmit={(event) => void create(event)}>
        <Text name="name" isNeeded hint={t('hint.name')} />
        <Check name="accepts_statement" isNeeded />
        {error !== null && <ErrorBox error={error} />}
        <div className="mk-actions">
          <CancelButton />
          <Button type="primary" htmlType="submit" loading={isBusy} data-testid="enterprises.begin">
            {t('enterprise.begin')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
