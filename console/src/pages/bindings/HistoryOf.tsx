import { useTranslation } from 'react-i18next'
import { StateTag } from '@/kit/StateTag'
import { TimeText } from '@/kit/Texts'
import type { Binding, BindingHistory } from './binding'

const COMPARED = [
  'a',
  'b',
  'x',
  'y',
  'direction',
  'expires_at',
  'record',
  'max_duration_min',
  'close_after_calls',
  'idle_s',
] as const satisfies readonly (keyof Binding)[]

/** What befell a binding, oldest first, with what each step changed. */
export function HistoryOf({ history }: { history: BindingHistory }) {
  const { t } = useTranslation('bindings')
  return (
    <section className="mk-card" data-testid="binding.history">
      <h2>{t('history.title')}</h2>
      <ol className="bindings-history">
        {history.items.map((event, at) => (
          <li key={`${event.at} ${event.what}`}>
            <TimeText at={event.at} /> <StateTag>{t(`history.${event.what}`)}</StateTag>
            {event.cause && <span>{t(`cause.${event.cause}`)}</span>}
            <Differences before={history.items[at - 1]?.binding} after={event.binding} />
          </li>
        ))}
      </ol>
      <p className="mk-quiet">{t('history.latest')}</p>
    </section>
  )
}

function Differences({ before, after }: { before?: Binding; after: Binding }) {
  const { t } = useTranslation('bindings')
  if (!before) return null
  const changed = COMPARED.filter((name) => before[name] !== after[name])
  if (changed.length === 0) return null
  return (
    <ul>
      {changed.map((name) => (
        <li key={name}>
          {t(`compared.${name}`)}: <s>{shown(before[name])}</s> → {shown(after[name])}
        </li>
      ))}
    </ul>
  )
}

const shown = (value: unknown): string =>
  value === null || value === undefined || value === '' ? '–' : String(value)
