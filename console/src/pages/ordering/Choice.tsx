import { useTranslation } from 'react-i18next'

interface Props {
  name: string
  options: readonly string[]
  value?: string | null
  isNeeded?: boolean
  /** Where the words of the options stand: `<words>.<option>`. */
  words: string
  onChange?: (value: string) => void
}

/** A labelled choice of a form; nothing is chosen until somebody chooses. */
export function Choice({ name, options, value, isNeeded = false, words, onChange }: Props) {
  const { t } = useTranslation('ordering')
  return (
    <label>
      {t(`field.${name}`)}
      <select
        name={name}
        defaultValue={value ?? ''}
        required={isNeeded}
        data-testid={`ordering.${name}`}
        onChange={(event) => onChange?.(event.target.value)}
      >
        <option value="">{t('choose')}</option>
        {options.map((one) => (
          <option key={one} value={one}>
            {t(`${words}.${one}`)}
          </option>
        ))}
      </select>
    </label>
  )
}

interface TextProps {
  name: string
  value?: string
  isNeeded?: boolean
  isLong?: boolean
  max?: number
  type?: string
  hint?: string
  placeholder?: string
}

/** A labelled text of a form. */
export function Text({
  name,
  value,
  isNeeded = false,
  isLong = false,
  max = isLong ? 2000 : 128,
  type = 'text',
  hint,
  placeholder,
}: TextProps) {
  const { t } = useTranslation('ordering')
  const own = {
    name,
    defaultValue: value,
    required: isNeeded,
    placeholder,
    'data-testid': `ordering.${name}`,
  }
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: one of two controls is in it
    <label className={isLong ? 'is-wide' : undefined}>
      {t(`field.${name}`)}
      {isLong ? (
        <textarea {...own} maxLength={max} />
      ) : (
        <input
          {...own}
          type={type}
          maxLength={type === 'text' ? max : undefined}
          autoComplete="off"
        />
      )}
      {hint && <small className="mk-quiet">{hint}</small>}
    </label>
  )
}

export function Check({
  name,
  value = false,
  isNeeded = false,
}: {
  name: string
  value?: boolean
  isNeeded?: boolean
}) {
  const { t } = useTranslation('ordering')
  return (
    <label className="ordering-check is-wide">
      <input
        type="checkbox"
        name={name}
        defaultChecked={value}
        required={isNeeded}
        data-testid={`ordering.${name}`}
      />
      {t(`field.${name}`)}
    </label>
  )
}
