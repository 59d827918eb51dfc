import { Navigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMenu } from './menu'
import { Notice } from './trouble'

/** The first page that this session may open. */
export function HomeRedirect() {
  const { t } = useTranslation('shell')
  const first = useMenu()[0]?.pages[0]
  if (!first) return <Notice title={t('nothing.title')}>{t('nothing.text')}</Notice>
  return <Navigate to={first.path} replace />
}
