import { useTranslation } from 'react-i18next'
import { formatDuration } from '@/kit/format'
import { type Call, stretches } from './call'

/** The call's time, cut into what it was spent on. */
export function StretchBar({ call }: { call: Call }) {
  const { t } = useTranslation('calls')
  const { routing, setUp, ringing, talk } = stretches(call)
  const parts = [
    { name: 'routing', ms: routing },
    { name: 'setUp', ms: setUp === null || routing === null ? setUp : setUp - routing },
    { name: 'ringing', ms: ringing },
    { name: 'talk', ms: talk },
  ]
  return (
    <ol className="calls-stretches" aria-label={t('stretch.label')}>
      {parts.map(({ name, ms }) => (
        <li
          key={name}
          className={`is-${name}${ms === null ? ' is-none' : ''}`}
          style={{ flexGrow: ms === null ? 0 : Math.max(1, Math.log2(2 + ms / 100)) }}
        >
          {t(`stretch.${name}`)} {ms === null ? '–' : formatDuration(ms)}
        </li>
      ))}
    </ol>
  )
}
