import './ordering.css'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { useRight } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { ErrorBox } from '@/kit/ErrorBox'
import { PageHead } from '@/kit/PageHead'
import { Skeleton } from '@/kit/Skeleton'
import { TimeText } from '@/kit/Texts'
import { usePathParam } from '@/kit/useUrl'
import { EnterpriseFields } from './EnterpriseFields'
import { EnterpriseForm } from './EnterpriseForm'
import { ENTERPRISE, type Enterprise, shownState, TONES } from './ordering'
import { PaperList } from './PaperList'

/** One enterprise: what is said of it, its files, and what it waits for. */
export default function EnterprisePage() {
  const { t } = useTranslation('ordering')
  const id = usePathParam('id')
  const params = { enterprise_id: id }
  const mayWrite = useRight('enterprise.write')
  const [saves, setSaves] = useState(0)
  const { data, error, refetch } = useQuery({
    queryKey: [ENTERPRISE, params],
    queryFn: () => ask<Enterprise>('GET', ENTERPRISE, { params }),
  })
  if (error) return <ErrorBox error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton />
  const state = shownState(data)
  const mayEdit = mayWrite && data.state !== 'waiting'
  return (
    <>
      <p>
        <Link to="/enterprises">{t('enterprise.title')}</Link>
      </p>
      <PageHead
        title={data.name || t('enterprise.unnamed')}
        tone={TONES[state]}
        verdict={
          <>
            {t(`enterprise.state.${state}`)}
            {data.reason && ` ${t('reason', { reason: data.reason })}`}
            {data.missing.length > 0 && ` ${t('enterprise.missing', { n: data.missing.length })}`}
            {data.expires_at && state === 'approved' && (
              <>
                {' '}
                {t('column.expires')} <TimeText at={data.expires_at} />
              </>
            )}
          </>
        }
        actions={mayWrite && <Actions enterprise={data} />}
      />
      {mayEdit ? (
        <EnterpriseForm
          key={`${id} ${saves}`}
          enterprise={data}
          onSaved={() => setSaves((count) => count + 1)}
        />
      ) : (
        <section className="mk-card">
          <EnterpriseFields enterprise={data} />
        </section>
      )}
      <PaperList enterprise={data} mayEdit={mayEdit} />
    </>
  )
}

function Actions({ enterprise }: { enterprise: Enterprise }) {
  const { t } = useTranslation('ordering')
  const client = useQueryClient()
  const params = { enterprise_id: enterprise.enterprise_id }
  const verbs = enterprise.state === 'waiting' ? ['urge', 'withdraw'] : ['submit']
  if (enterprise.state === 'approved' && !enterprise.is_expired) return null
  return verbs.map((verb) => (
    <ConfirmButton
      key={verb}
      label={t(`verb.${verb}`)}
      level={verb === 'urge' ? 0 : 1}
      type={verb === 'submit' ? 'primary' : 'default'}
      effect={<p>{t(`enterprise.effect.${verb}`)}</p>}
      disabled={verb === 'submit' && enterprise.missing.length > 0}
      reason={t('enterprise.missing', { n: enterprise.missing.length })}
      testId={`enterprise.${verb}`}
      onConfirm={async ({ send }) => {
        await send('POST', `${ENTERPRISE}/${verb}`, { params })
        toast(t(`done.${verb}`))
        await client.invalidateQueries({ queryKey: [ENTERPRISE] })
        await client.invalidateQueries({ queryKey: ['/enterprises'] })
      }}
    />
  ))
}
