import CheckCircleFilled from '@ant-design/icons/CheckCircleFilled'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { useSession } from '@/app/SessionContext'
import { Stored, useStored } from '@/app/stored'
import { useApplications } from '@/kit/useDirectory'

const dismissed = new Stored<'' | 'yes'>('checklist-dismissed', '', ['', 'yes'])

interface Step {
  name: 'app' | 'numbers' | 'callback' | 'sandbox' | 'call'
  to: string
  isDone: boolean
  right: string
}

/** What a new tenant does first, in its order; gone when it is done or dismissed. */
export function Checklist() {
  const { t } = useTranslation('overview')
  const [isGone, set] = useStored(dismissed)
  const steps = useSteps(isGone === '')
  if (isGone || !steps || steps.every(({ isDone }) => isDone)) return null
  return (
    <section className="overview-part" data-testid="overview.checklist">
      <h2>{t('first.title')}</h2>
      <ol className="overview-steps">
        {steps.map(({ name, to, isDone }) => (
          <li key={name} data-done={isDone}>
            {isDone && <CheckCircleFilled aria-label={t('first.done')} />}
            <div>
              <Link to={to as never}>{t(`first.${name}`)}</Link>
              <div className="mk-quiet">{t(`first.${name}Why`)}</div>
            </div>
          </li>
        ))}
      </ol>
      <button type="button" className="mk-button is-quiet" onClick={() => set('yes')}>
        {t('first.dismiss')}
      </button>
    </section>
  )
}

function useSteps(isWanted: boolean): Step[] | undefined {
  const { tenant, rights, features } = useSession()
  const isAsked = isWanted && tenant !== null
  const { items: apps, isKnown } = useApplications()
  const hasNumber = useHasAny('/numbers', isAsked && rights.includes('number.read'))
  const hasCall = useHasAny('/records', isAsked && rights.includes('call.read'))
  if (!isAsked || !isKnown || hasNumber === undefined || hasCall === undefined) return undefined
  const hasCallback = apps.some((app) => app.status_url || app.cdr_url || app.sms_url)
  const steps: Step[] = [
    { name: 'app', to: '/apps', isDone: apps.length > 0, right: 'application.read' },
    { name: 'numbers', to: '/numbers', isDone: hasNumber, right: 'number.read' },
    { name: 'callback', to: '/apps', isDone: hasCallback, right: 'application.read' },
    { name: 'sandbox', to: '/sandbox', isDone: hasCall, right: 'sandbox.use' },
    { name: 'call', to: '/calls', isDone: hasCall, right: 'call.read' },
  ]
  return steps.filter(
    ({ name, right }) => rights.includes(right) && (name !== 'sandbox' || features.sandbox),
  )
}

function useHasAny(path: string, isAsked: boolean): boolean | undefined {
  const { data } = useQuery({
    queryKey: [path, undefined, { limit: 1 }],
    queryFn: () => ask<{ items: unknown[] }>('GET', path, { query: { limit: 1 } }),
    enabled: isAsked,
    staleTime: 60_000,
  })
  return data && data.items.length > 0
}
