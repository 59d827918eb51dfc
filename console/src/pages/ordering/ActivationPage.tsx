import './ordering.css'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import type { SyntheticEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { useSession } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { EmptyState } from '@/kit/EmptyState'
import { ErrorBox } from '@/kit/ErrorBox'
import { PageHead } from '@/kit/PageHead'
import { Skeleton } from '@/kit/Skeleton'
import { TimeText } from '@/kit/Texts'
import { useAction } from '@/kit/useAction'
import { Check, Choice, Text } from './Choice'
import { ACTIVATION, type Activation, BEARERS, INDUSTRIES, NATURES, TONES } from './ordering'

const TEXTS = ['company', 'other_industry', 'bearer_name', 'scene', 'script'] as const
const CHOICES = ['nature', 'industry', 'bearer_kind'] as const

/** May we use the service, and what is asked for first? */
export default function ActivationPage() {
  const { t } = useTranslation('ordering')
  const tenantId = useSession().tenant?.tenant_id ?? ''
  const params = { tenant_id: tenantId }
  const { data, error, refetch } = useQuery({
    queryKey: [ACTIVATION, params],
    queryFn: () => ask<Activation>('GET', ACTIVATION, { params }),
    enabled: tenantId !== '',
  })
  if (error) return <ErrorBox error={error} onRetry={() => void refetch()} />
  if (!tenantId) return <EmptyState title={t('activation.ofTenants')} />
  if (!data) return <Skeleton />
  const state = data.state ?? 'none'
  const mayEdit = ['needed', 'rejected'].includes(state)
  return (
    <>
      <PageHead
        title={t('activation.title')}
        tone={TONES[state] ?? 'ok'}
        verdict={
          <>
            {t(`activation.verdict.${state}`)}
            {data.reason && ` ${t('reason', { reason: data.reason })}`}
          </>
        }
        actions={data.state === 'waiting' && <Urge params={params} at={data.urged_at} />}
      />
      {mayEdit && <ActivationForm key={data.revision} activation={data} />}
    </>
  )
}

function Urge({ params, at }: { params: Record<string, string>; at?: string | null }) {
  const { t } = useTranslation('ordering')
  const client = useQueryClient()
  return (
    <>
      {at && (
        <span className="mk-quiet">
          {t('urge.last')} <TimeText at={at} />
        </span>
      )}
      <ConfirmButton
        label={t('urge.go')}
        level={0}
        onConfirm={async ({ send }) => {
          await send('POST', `${ACTIVATION}/urge`, { params })
          toast(t('urge.done'))
          await client.invalidateQueries({ queryKey: [ACTIVATION] })
        }}
      />
    </>
  )
}

function ActivationForm({ activation }: { activation: Activation }) {
  const { t } = useTranslation('ordering')
  const client = useQueryClient()
  const { isBusy, error, act, form } = useAction()
  const params = { tenant_id: activation.tenant_id }
  const before = activation.form
  const submit = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const body: Record<string, unknown> = { accepts_rules: given.get('accepts_rules') === 'on' }
    for (const name of [...TEXTS, ...CHOICES]) body[name] = String(given.get(name) ?? '').trim()
    await act(async ({ send }) => {
      await send('PUT', ACTIVATION, { params, body })
      toast(t('activation.sent'))
      await client.invalidateQueries({ queryKey: [ACTIVATION] })
    })
  }
  return (
    <form ref={form} className="mk-card mk-form" onSubmit={(event) => void submit(event)}>
      <div className="mk-form ordering-form">
        <Text name="company" value={before?.company} isNeeded hint={t('hint.name')} />
        <Choice name="nature" words="nature" options={NATURES} value={before?.nature} isNeeded />
        <Choice
          name="industry"
          words="industry"
          options={INDUSTRIES}
          value={before?.industry}
          isNeeded
        />
        <Text name="other_industry" value={before?.other_industry} hint={t('hint.otherIndustry')} />
        <Choice
          name="bearer_kind"
          words="bearer"
          options={BEARERS}
          value={before?.bearer_kind}
          isNeeded
        />
        <Text name="bearer_name" value={before?.bearer_name} isNeeded />
        <Text name="scene" value={before?.scene} isNeeded isLong hint={t('hint.scene')} />
        <Text name="script" value={before?.script} isNeeded isLong hint={t('hint.script')} />
        <Check name="accepts_rules" isNeeded />
      </div>
      {error !== null && <ErrorBox error={error} />}
      <div className="mk-actions">
        <Button type="primary" htmlType="submit" loading={isBusy} data-testid="activation.submit">
          {t('activation.submit')}
        </Button>
      </div>
    </form>
  )
}
