import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/app/SessionContext'
import { AppName } from '@/kit/AppName'
import { formatCount } from '@/kit/format'
import { Sparkline } from '@/kit/Sparkline'
import { StateTag } from '@/kit/StateTag'
import { evidenceOf, readingOf, type Signal } from './overview'

/** One signal: value, state as icon and word, how it was a week ago; leads to what explains it. */
export function Tile({ signal, isStale }: { signal: Signal; isStale: boolean }) {
  const { t } = useTranslation('overview')
  const { rights } = useSession()
  const evidence = evidenceOf(signal)
  const name = t(`signal.${signal.name}`, { defaultValue: signal.name })
  const state = isStale ? 'unknown' : signal.state
  return (
    <div className={`overview-tile is-${state}`} data-testid={`overview.tile.${signal.name}`}>
      <h2>
        {evidence && rights.includes(evidence.right) ? (
          <Link to={evidence.to as never} search={evidence.search as never}>
            {name}
          </Link>
        ) : (
          name
        )}
      </h2>
      <div className="overview-value">
        <strong className="mk-number">{readingOf(signal)}</strong>
        <StateTag tone={state}>{t(`state.${state}`)}</StateTag>
      </div>
      {signal.spark.length > 0 && <Sparkline values={signal.spark} width={160} />}
      <div className="mk-quiet">
        {signal.base > 0 && (
          <span>{t('base', { count: signal.base, n: formatCount(signal.base) })} </span>
        )}
        {signal.week_ago !== null && (
          <span>{t('weekAgo', { value: readingOf({ ...signal, value: signal.week_ago }) })}</span>
        )}
        {signal.about && (
          <span>
            {t('worst')} <AppName appKey={signal.about} />
          </span>
        )}
        {signal.value === null && <span>{t('tooLittle')}</span>}
      </div>
    </div>
  )
}
