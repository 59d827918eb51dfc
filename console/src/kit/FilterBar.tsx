import './table.css'
import { useTranslation } from 'react-i18next'
import { NumberFilter } from './NumberFilter'
import { RangeFilter } from './RangeFilter'
import { TextFilter } from './TextFilter'
import type { Filter, Filters } from './useFilters'

interface Props {
  /** The area, for test ids: `<area>.filter.<name>`. */
  area: string
  filters: readonly Filter[]
  state: Filters
}

/** The filters of a list; they stand in the address, so that a link shows the same. */
export function FilterBar({ area, filters, state }: Props) {
  const { t } = useTranslation('kit')
  return (
    <search className="mk-filters" aria-label={t('filter.label')}>
      {filters.map((filter) => (
        <OneFilter
          key={filter.name}
          filter={filter}
          state={state}
          testId={`${area}.filter.${filter.name}`}
        />
      ))}
      {state.active.length > 0 && (
        <button
          type="button"
          className="mk-button is-quiet"
          data-testid={`${area}.filter.clear`}
          onClick={state.clear}
        >
          {t('filter.clear')}
        </button>
      )}
    </search>
  )
}

function OneFilter({ filter, state, testId }: { filter: Filter; state: Filters; testId: string }) {
  const { t } = useTranslation('kit')
  const value = state.values[filter.name] ?? ''
  const set = (chosen: string) => state.set({ [filter.name]: chosen || null })
  switch (filter.kind) {
    case 'text':
      return <TextFilter key={value} filter={filter} value={value} onSet={set} testId={testId} />
    case 'number':
      return <NumberFilter label={filter.label} value={value} onSet={set} testId={testId} />
    case 'range':
      return <RangeFilter filter={filter} state={state} testId={testId} />
    case 'flag':
      return (
        <label className="mk-flag">
          <input
            type="checkbox"
            checked={value === 'true'}
            data-testid={testId}
            onChange={(event) => set(event.target.checked ? 'true' : '')}
          />
          {filter.label}
        </label>
      )
    case 'choice':
      return (
        <label>
          {filter.label}
          <select
            className="mk-select"
            value={value}
            data-testid={testId}
            onChange={(event) => set(event.target.value)}
          >
            <option value="">{t('filter.any')}</option>
            {filter.options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
        </label>
      )
  }
}
