import { type ReactNode, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { Skeleton } from '@/kit/Skeleton'
import { opens, type Page } from './area'
import { useSession } from './SessionContext'
import { Notice } from './trouble'

/** The page, or why it is closed for this session. */
export function Guarded({ page, children }: { page: Page; children: ReactNode }) {
  const { t } = useTranslation('shell')
  const session = useSession()
  if (!opens(page, session.rights)) {
    const rights = (page.rights ?? []).join(', ')
    return (
      <Notice title={t('forbidden.title')} testId="shell.forbidden">
        <p>{t('forbidden.text', { rights })}</p>
        <p>{t(session.tenant ? 'forbidden.who' : 'forbidden.whoPlatform')}</p>
      </Notice>
    )
  }
  const closed = page.closed?.(session.features)
  if (closed) return <Notice title={t('closed.title')}>{t(closed)}</Notice>
  return <Suspense fallback={<Skeleton />}>{children}</Suspense>
}
