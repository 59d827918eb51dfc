import './bindings.css'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { useRight } from '@/app/SessionContext'
import { CopyCurl } from '@/kit/CopyCurl'
import { ErrorBox } from '@/kit/ErrorBox'
import { PageHead } from '@/kit/PageHead'
import { Skeleton } from '@/kit/Skeleton'
import { TimeText } from '@/kit/Texts'
import { useApplications } from '@/kit/useDirectory'
import { usePathParam } from '@/kit/useUrl'
import { BindingFields } from './BindingFields'
import type { BindingEvent, BindingHistory } from './binding'
import { CalleeForm } from './CalleeForm'
import { CallsOfBinding } from './CallsOfBinding'
import { ChangeForm } from './ChangeForm'
import { modeName } from './columns'
import { HistoryOf } from './HistoryOf'
import { UnbindOne } from './Unbind'

/** One binding, live or ended: its parameters, what befell it, the calls through it. */
export default function BindingPage() {
  const { t } = useTranslation('bindings')
  const id = usePathParam('id')
  const { data, error, refetch } = useQuery({
    queryKey: ['/bindings', id, 'history'],
    queryFn: () => ask<BindingHistory>('GET', '/bindings/{id}/history', { params: { id } }),
  })
  const last = data?.items.at(-1)
  if (error) {
    return (
      <>
        <PageHead title={t('one.title')} />
        <ErrorBox error={error} onRetry={() => void refetch()} />
      </>
    )
  }
  if (!data || !last) return <Skeleton rows={10} />
  return <BindingDetail history={data} last={last} />
}

function BindingDetail({ history, last }: { history: BindingHistory; last: BindingEvent }) {
  const { t } = useTranslation('bindings')
  const { binding } = last
  const { is_live: isLive } = history
  const app = useApplications().byKey.get(binding.app_key)
  const mayTry = useRight('sandbox.use') && app?.is_sandbox === true
  const mayWrite = useRight('binding.write') || mayTry
  const mayDelete = useRight('binding.delete') || mayTry
  const mayReadCalls = useRight('call.read')
  const [isChanging, setChanging] = useState(false)
  const isChangeable = ['ax', 'axb', 'axe'].includes(binding.mode)
  return (
    <>
      <PageHead
        title={t('one.title')}
        verdict={
          <>
            {modeName(binding.mode)} · <Standing history={history} last={last} />
          </>
        }
        actions={
          <>
            {isLive && mayWrite && isChangeable && (
              <Button data-testid="binding.change" onClick={() => setChanging(true)}>
                {t('change.open')}
              </Button>
            )}
            {isLive && mayWrite && binding.mode === 'axyb' && (
              <Link
                to="/bindings/new"
                search={{ app: binding.app_key, relation: binding.binding_id } as never}
              >
                {t('one.addB')}
              </Link>
            )}
            {isLive && mayDelete && (
              <UnbindOne id={binding.binding_id} isRelation={binding.mode === 'axyb'} />
            )}
            <CopyCurl
              path="/bindings/{binding_id}"
              asking={{ params: { binding_id: binding.binding_id } }}
            />
          </>
        }
      />
      {isChanging && isLive && <ChangeForm binding={binding} onClose={() => setChanging(false)} />}
      <section className="mk-card" data-testid="binding.fields">
        <h2>{t('one.parameters')}</h2>
        <BindingFields binding={binding} isLive={isLive} />
      </section>
      {isLive && mayWrite && binding.mode === 'ax' && <CalleeForm id={binding.binding_id} />}
      <HistoryOf history={history} />
      {mayReadCalls && <CallsOfBinding binding={binding} />}
    </>
  )
}

/** Whether it stands, until when, or since when and why not any more. */
function Standing({ history, last }: { history: BindingHistory; last: BindingEvent }) {
  const { t } = useTranslation('bindings')
  if (!history.is_live) {
    return (
      <>
        {t('one.ended')} <TimeText at={last.at} />
        {last.cause && ` · ${t(`cause.${last.cause}`)}`}
      </>
    )
  }
  if (!last.binding.expires_at) return t('one.forever')
  return (
    <>
      {t('one.until')} <TimeText at={last.binding.expires_at} />
    </>
  )
}
