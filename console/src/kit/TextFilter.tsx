import type { Filter } from './useFilters'

interface Props {
  filter: Extract<Filter, { kind: 'text' }>
  value: string
  onSet: (value: string) => void
  testId: string
}

/** Asks when Enter is pressed or the field is left, not at every key. */
export function TextFilter({ filter, value, onSet, testId }: Props) {
  const take = (text: string) => {
    if (text.trim() !== value) onSet(text.trim())
  }
  return (
    <label>
      {filter.label}
      <input
        className="mk-input"
        defaultValue={value}
        placeholder={filter.placeholder}
        maxLength={200}
        data-testid={testId}
        onBlur={(event) => take(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && take(event.currentTarget.value)}
      />
    </label>
  )
}
