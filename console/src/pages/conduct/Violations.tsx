import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { useRight } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { AppName } from '@/kit/AppName'
import { ConfirmButton } from '@/kit/ConfirmButton'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { DetailDrawer } from '@/kit/DetailDrawer'
import { EmptyState } from '@/kit/EmptyState'
import { Fields } from '@/kit/Fields'
import { StateTag } from '@/kit/StateTag'
import { NONE, TimeText } from '@/kit/Texts'
import { useList } from '@/kit/useList'
import { useUrl } from '@/kit/useUrl'
import type { Violation } from './conduct'

/** Rules that were broken, and the measures that hold. */
export function Violations() {
  const { t } = useTranslation('conduct')
  const list = useList<Violation>('/violations', {})
  const [url, change] = useUrl()
  const rows = list.rows ?? []
  const at = rows.findIndex((one) => one.violation_id === url.open)
  const open = rows[at]
  const goTo = (place: number) => rows[place] && change({ open: rows[place].violation_id })
  const columns: Column<Violation>[] = [
    { key: 'rule', title: t('rule.label'), render: (one) => t(`rule.${one.rule}`), isFixed: true },
    { key: 'grade', title: t('grade.label'), render: (one) => t(`grade.${one.grade}`) },
    { key: 'measure', title: t('measure.label'), render: (one) => t(`measure.${one.measure}`) },
    { key: 'tenant', title: t('tenant'), render: (one) => one.tenant_id },
    {
      key: 'app',
      title: t('app'),
      render: (one) => (one.app_key ? <AppName appKey={one.app_key} /> : NONE),
    },
    { key: 'state', title: t('state'), render: (one) => <State of={one} /> },
    { key: 'made', title: t('made'), render: (one) => <TimeText at={one.created_at} /> },
  ]
  return (
    <>
      <DataTable
        id="conduct.violations"
        caption={t('violation.all')}
        columns={columns}
        list={list}
        rowId={(one) => one.violation_id}
        onOpen={(one) => change({ open: one.violation_id })}
        openId={url.open}
        empty={<EmptyState title={t('violation.empty')}>{t('violation.emptyWhy')}</EmptyState>}
      />
      {open && (
        <DetailDrawer
          key={open.violation_id}
          title={t(`rule.${open.rule}`)}
          testId="conduct.violation"
          onClose={() => change({ open: null })}
          onNext={() => goTo(at + 1)}
          onPrevious={() => goTo(at - 1)}
        >
          <One violation={open} />
        </DetailDrawer>
      )}
    </>
  )
}

function State({ of }: { of: Violation }) {
  const { t } = useTranslation('conduct')
  const isActive = of.state === 'active'
  return <StateTag tone={isActive ? 'warn' : 'plain'}>{t(`violation.state.${of.state}`)}</StateTag>
}

function One({ violation: one }: { violation: Violation }) {
  const { t } = useTranslation('conduct')
  const client = useQueryClient()
  const mayWrite = useRight('complaint.write')
  return (
    <>
      <Fields
        fields={[
          { label: t('state'), wire: 'state', value: <State of={one} /> },
          { label: t('measure.label'), wire: 'measure', value: t(`measure.${one.measure}`) },
          { label: t('grade.label'), wire: 'grade', value: t(`grade.${one.grade}`) },
          { label: t('tenant'), wire: 'tenant_id', value: one.tenant_id },
          {
            label: t('app'),
            wire: 'app_key',
            value: one.app_key ? <AppName appKey={one.app_key} /> : NONE,
          },
          { label: t('business'), wire: 'business', value: one.business ?? NONE },
          { label: t('reason'), wire: 'reason', value: one.reason },
          { label: t('evidence'), wire: 'evidence', value: one.evidence || NONE },
          { label: t('madeBy'), wire: 'made_by', value: one.made_by || NONE },
          { label: t('made'), wire: 'created_at', value: <TimeText at={one.created_at} /> },
          { label: t('since'), wire: 'since', value: <TimeText at={one.since} /> },
        ]}
      />
      {mayWrite && one.state === 'active' && one.measure !== 'warn' && (
        <ConfirmButton
          label={t('violation.lift')}
          level={2}
          effect={<p>{t('violation.liftEffect')}</p>}
          testId="conduct.lift"
          onConfirm={async () => {
            const params = { violation_id: one.violation_id }
            await ask('POST', '/violations/{violation_id}/lift', { params })
            await client.invalidateQueries()
            toast(t('violation.lifted'))
          }}
        />
      )}
    </>
  )
}
