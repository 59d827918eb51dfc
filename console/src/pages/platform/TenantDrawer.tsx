import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { DetailDrawer } from '@/kit/DetailDrawer'
import { Fields } from '@/kit/Fields'
import { StateTag } from '@/kit/StateTag'
import { IdText, TimeText } from '@/kit/Texts'
import { ObjectForm } from './ObjectForm'
import { TENANT_FIELDS, type Tenant } from './tenant'
import { useShown } from './useShown'

interface Props {
  tenant: Tenant
  onClose: () => void
  onNext: () => void
  onPrevious: () => void
}

/** One customer: what it may have, how long what is its own is kept, and freezing it. */
export function TenantDrawer({ tenant, ...moves }: Props) {
  const { t } = useTranslation('platform')
  const shown = useShown('tenant')
  const mayWrite = useRight('tenant.write')
  const [isChanging, setChanging] = useState(false)
  return (
    <DetailDrawer title={tenant.name} testId="platform.tenant" {...moves}>
      <p>
        <StateTag tone={tenant.state !== 'normal' ? 'warn' : 'plain'}>
          {t(`tenant.state.${tenant.state}`)}
        </StateTag>{' '}
        {t(`tenant.why.${tenant.state}`)}
      </p>
      <Fields
        fields={[
          {
            label: t('tenant.id'),
            wire: 'tenant_id',
            value: <IdText id={tenant.tenant_id} isWhole />,
          },
          { label: t('tenant.created'), value: <TimeText at={tenant.created_at} /> },
          ...shown(TENANT_FIELDS, tenant),
        ]}
      />
      {mayWrite && (
        <div className="mk-actions">
          <Button data-testid="platform.tenant.change" onClick={() => setChanging(true)}>
            {t('form.open')}
          </Button>
          <Freeze tenant={tenant} />
        </div>
      )}
      {isChanging && (
        <ObjectForm
          about="tenant"
          path="/tenants"
          fields={TENANT_FIELDS}
          before={tenant}
          name={tenant.tenant_id}
          effect={t('tenant.effect')}
          onClose={() => setChanging(false)}
        />
      )}
    </DetailDrawer>
  )
}

/** A frozen tenant may neither bind nor call; the name is typed, so that it is the right one. */
function Freeze({ tenant }: { tenant: Tenant }) {
  const { t } = useTranslation('platform')
  const client = useQueryClient()
  const isFrozen = tenant.state === 'frozen'
  return (
    <ConfirmButton
      label={isFrozen ? t('tenant.thaw') : t('tenant.freeze')}
      level={isFrozen ? 2 : 3}
      typed={isFrozen ? undefined : tenant.name}
      danger={!isFrozen}
      effect={<p>{isFrozen ? t('tenant.thawEffect') : t('tenant.freezeEffect')}</p>}
      testId="platform.tenant.freeze"
      onConfirm={async ({ edit }) => {
        await edit('/tenants/{tenant_id}', {
          params: { tenant_id: tenant.tenant_id },
          before: tenant,
          body: { state: isFrozen ? 'normal' : 'frozen' },
        })
        await client.invalidateQueries({ queryKey: ['/tenants'] })
        toast(t('form.changed'))
      }}
    />
  )
}
