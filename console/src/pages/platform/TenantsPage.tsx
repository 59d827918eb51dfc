import './platform.css'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '@/app/SessionContext'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import { formatCount } from '@/kit/format'
import { PageHead } from '@/kit/PageHead'
import { StateTag } from '@/kit/StateTag'
import { IdText, TimeText } from '@/kit/Texts'
import { useList } from '@/kit/useList'
import { useUrl } from '@/kit/useUrl'
import { ObjectForm } from './ObjectForm'
import { TenantDrawer } from './TenantDrawer'
import { TENANT_FIELDS, type Tenant } from './tenant'

/** Who are the customers, and who of them is frozen? */
export default function TenantsPage() {
  const { t } = useTranslation('platform')
  const mayWrite = useRight('tenant.write')
  const list = useList<Tenant>('/tenants')
  const columns = useColumns()
  const [url, change] = useUrl()
  const [isAdding, setAdding] = useState(false)
  const rows = list.rows ?? []
  const open = rows.findIndex((one) => one.tenant_id === url.open)
  const goTo = (at: number) => rows[at] && change({ open: rows[at].tenant_id })
  const frozen = rows.filter(({ state }) => state !== 'normal').length
  return (
    <>
      <PageHead
        title={t('tenant.title')}
        tone={frozen > 0 ? 'warn' : 'plain'}
        verdict={
          list.rows &&
          (frozen > 0
            ? t('tenant.frozen', { count: frozen })
            : t(list.hasNext ? 'tenant.noneFrozen' : 'tenant.allNormal', { count: rows.length }))
        }
        actions={
          mayWrite && (
            <Button
              type="primary"
              data-testid="platform.tenants.add"
              onClick={() => setAdding(true)}
            >
              {t('tenant.add')}
            </Button>
          )
        }
      />
      <DataTable
        id="platform.tenants"
        caption={t('tenant.caption')}
        columns={columns}
        list={list}
        rowId={(one) => one.tenant_id}
        onOpen={(one) => change({ open: one.tenant_id })}
        openId={url.open}
        empty={<EmptyState title={t('tenant.empty')} />}
      />
      {rows[open] && (
        <TenantDrawer
          key={rows[open].tenant_id}
          tenant={rows[open]}
          onClose={() => change({ open: null })}
          onNext={() => goTo(open + 1)}
          onPrevious={() => goTo(open - 1)}
        />
      )}
      {isAdding && (
        <ObjectForm
          about="tenant"
          path="/tenants"
          fields={TENANT_FIELDS}
          onClose={() => setAdding(false)}
        />
      )}
    </>
  )
}

function useColumns(): Column<Tenant>[] {
  const { t } = useTranslation('platform')
  const days = (count: number) => t('days', { count })
  return [
    { key: 'name', title: t('tenant.field.name'), render: (one) => one.name, isFixed: true },
    { key: 'id', title: t('tenant.id'), render: (one) => <IdText id={one.tenant_id} /> },
    {
      key: 'state',
      title: t('column.state'),
      render: (one) => (
        <StateTag tone={one.state !== 'normal' ? 'warn' : 'plain'}>
          {t(`tenant.state.${one.state}`)}
        </StateTag>
      ),
      isFixed: true,
    },
    {
      key: 'records',
      title: t('tenant.field.record_retention_days'),
      render: (one) => days(one.record_retention_days),
      align: 'end',
    },
    {
      key: 'recordings',
      title: t('tenant.field.recording_retention_days'),
      render: (one) => days(one.recording_retention_days),
      align: 'end',
    },
    {
      key: 'texts',
      title: t('tenant.field.text_retention_days'),
      render: (one) => days(one.text_retention_days),
      align: 'end',
    },
    {
      key: 'messages',
      title: t('tenant.field.may_message'),
      render: (one) => (one.may_message ? t('yes') : t('no')),
    },
    {
      key: 'apps',
      title: t('tenant.field.max_applications'),
      render: (one) => formatCount(one.max_applications),
      align: 'end',
    },
    {
      key: 'created',
      title: t('tenant.created'),
      render: (one) => <TimeText at={one.created_at} />,
    },
  ]
}
