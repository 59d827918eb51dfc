import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCities } from '@/kit/useDirectory'
import type { BindField, FormMode, Values } from './form'

interface Props {
  mode: FormMode
  fields: readonly BindField[]
  values: Values
  onChange: (name: string, value: string) => void
  /** What the server said of a field, by name. */
  troubles: Readonly<Record<string, string>>
  /** Nothing is required when what is empty stays as it was. */
  isChange?: boolean
}

/** The parameters of a mode with their wire names; the rare ones when they are asked for. */
export function FieldInputs({ fields, ...rest }: Props) {
  const { t } = useTranslation('bindings')
  const usual = fields.filter(({ isRare }) => !isRare)
  const rare = fields.filter(({ isRare }) => isRare)
  const hasTrouble = rare.some(({ name }) => rest.troubles[name])
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <div className="bindings-fields">
        {usual.map((field) => (
          <OneField key={field.name} field={field} {...rest} />
        ))}
      </div>
      {rare.length > 0 && (
        <details
          open={isOpen || hasTrouble}
          onToggle={(event) => setOpen(event.currentTarget.open)}
        >
          <summary>{t('form.more', { count: rare.length })}</summary>
          <div className="bindings-fields">
            {rare.map((field) => (
              <OneField key={field.name} field={field} {...rest} />
            ))}
          </div>
        </details>
      )}
    </>
  )
}

interface OneProps extends Omit<Props, 'fields'> {
  field: BindField
}

function OneField({ mode, field, values, onChange, troubles, isChange = false }: OneProps) {
  const { t } = useTranslation('bindings')
  const id = useId()
  const { name } = field
  const trouble = troubles[name]
  const isRequired = !isChange && (field.required?.includes(mode) ?? false)
  const shared = {
    id,
    value: values[name] ?? '',
    required: isRequired,
    'aria-invalid': trouble ? true : undefined,
    'aria-describedby': `${id}-said`,
    'data-testid': `bind.${name}`,
  }
  const take = (event: { target: { value: string } }) => onChange(name, event.target.value)
  return (
    <div className="bindings-field">
      <label htmlFor={id}>
        {t(`field.${name}.label`)} <code>{field.wire[mode]}</code>
        {isRequired && <span className="mk-quiet"> {t('form.required')}</span>}
      </label>
      {field.kind === 'flag' || field.kind === 'choice' ? (
        <select className="mk-select" {...shared} onChange={take}>
          <option value="">{t(isChange ? 'form.keep' : 'form.usual')}</option>
          {(field.options ?? ['true', 'false']).map((one) => (
            <option key={one} value={one}>
              {t(`option.${one}`)}
            </option>
          ))}
        </select>
      ) : field.kind === 'city' ? (
        <CityInput shared={shared} onChange={take} />
      ) : (
        <input
          className="mk-input"
          {...shared}
          type={field.kind === 'whole' ? 'number' : 'text'}
          min={field.kind === 'whole' ? 0 : undefined}
          max={field.kind === 'whole' ? field.max : undefined}
          maxLength={field.kind === 'text' ? field.max : 40}
          inputMode={field.kind === 'number' || field.kind === 'virtual' ? 'tel' : undefined}
          autoComplete="off"
          onChange={take}
        />
      )}
      <span id={`${id}-said`} className={trouble ? 'bindings-trouble' : 'mk-quiet'}>
        {trouble ?? t(`field.${name}.help`, { defaultValue: '' })}
      </span>
    </div>
  )
}

interface CityProps {
  shared: { id: string; value: string; required: boolean }
  onChange: (event: { target: { value: string } }) => void
}

/** A city by its code; those that are known are offered by name. */
function CityInput({ shared, onChange }: CityProps) {
  const cities = useCities()
  const list = `${shared.id}-cities`
  return (
    <>
      <input
        className="mk-input"
        {...shared}
        list={list}
        maxLength={10}
        autoComplete="off"
        placeholder="0755"
        onChange={onChange}
      />
      <datalist id={list}>
        {cities.items.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </datalist>
    </>
  )
}
