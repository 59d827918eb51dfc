import { useTranslation } from 'react-i18next'
import { useZone } from '@/app/preferences'
import { formatTime, instantOf, zoneLabel } from './format'
import { type Filter, type Filters, RANGES } from './useFilters'

interface Props {
  filter: Extract<Filter, { kind: 'range' }>
  state: Filters
  testId: string
}

/** The last hours or days, or two instants; typed and shown in the zone of the page. */
export function RangeFilter({ filter, state, testId }: Props) {
  const { t } = useTranslation('kit')
  const zone = useZone()
  const { from, until, range } = state.values
  const isOwn = from !== undefined || until !== undefined
  const local = (instant?: string) =>
    instant ? formatTime(instant, zone).replace(' ', 'T').slice(0, 16) : ''
  const setEnd = (name: 'from' | 'until', text: string) =>
    state.set({ [name]: text ? instantOf(text, zone) : null })
  const choose = (chosen: string) => {
    if (chosen !== 'own') state.set({ range: chosen, from: null, until: null })
    else state.set({ range: null, from: new Date(Date.now() - 86_400_000).toISOString() })
  }
  return (
    <>
      <label>
        {filter.label} ({zoneLabel(zone)})
        <select
          className="mk-select"
          value={isOwn ? 'own' : (range ?? filter.usual)}
          data-testid={testId}
          onChange={(event) => choose(event.target.value)}
        >
          {Object.keys(RANGES).map((name) => (
            <option key={name} value={name}>
              {t(`range.${name}`)}
            </option>
          ))}
          <option value="own">{t('range.own')}</option>
        </select>
      </label>
      {isOwn &&
        (['from', 'until'] as const).map((name) => (
          <label key={name}>
            {t(`range.${name}`)}
            <input
              className="mk-input"
              type="datetime-local"
              value={local(state.values[name])}
              data-testid={`${testId}.${name}`}
              onChange={(event) => setEnd(name, event.target.value)}
            />
          </label>
        ))}
    </>
  )
}
