import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

const SILENT_MS = 150

/** The shape of what is coming; nothing at all when it comes at once. */
export function Skeleton({ rows = 6 }: { rows?: number }) {
  const { t } = useTranslation('kit')
  const [isShown, setShown] = useState(false)
  useEffect(() => {
    const timer = window.setTimeout(() => setShown(true), SILENT_MS)
    return () => window.clearTimeout(timer)
  }, [])
  if (!isShown) return null
  return (
    <div className="mk-skeleton" role="status" aria-label={t('loading')}>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} />
      ))}
    </div>
  )
}
