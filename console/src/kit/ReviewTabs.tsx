import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/app/SessionContext'

const QUEUES = [
  { path: '/platform/reviews', name: 'prompts', right: 'prompt.review' },
  { path: '/platform/activations', name: 'activations', right: 'enterprise.review' },
  { path: '/platform/enterprises', name: 'enterprises', right: 'enterprise.review' },
  { path: '/platform/orders', name: 'orders', right: 'order.review' },
] as const

/** The queues that whoever is signed in works off. */
export function ReviewTabs() {
  const { t } = useTranslation('kit')
  const { rights } = useSession()
  const own = QUEUES.filter(({ right }) => rights.includes(right))
  if (own.length < 2) return null
  return (
    <nav className="mk-tabs" aria-label={t('reviews.label')}>
      {own.map(({ path, name }) => (
        <Link key={path} to={path} className="mk-button" activeProps={{ className: 'is-primary' }}>
          {t(`reviews.${name}`)}
        </Link>
      ))}
    </nav>
  )
}
