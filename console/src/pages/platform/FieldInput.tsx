import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useZone } from '@/app/preferences'
import { formatTime, instantOf } from '@/kit/format'
import { type FieldSpec, listOf, type Value } from './fields'

interface Props {
  about: string
  field: FieldSpec
  value: Value
  /** Why the server did not take it. */
  refusal?: string
  onChange: (value: Value) => void
}

/** A field with its name, its wire name, what to know about it, and what was wrong with it. */
export function FieldInput({ about, field, value, refusal, onChange }: Props) {
  const { t } = useTranslation('platform')
  const id = useId()
  const hint = t(`${about}.hint.${field.name}`, { defaultValue: '' })
  const said = refusal || hint ? `${id}-said` : undefined
  const label = t(`${about}.field.${field.name}`)
  if (field.kind === 'flag') {
    return (
      <label className="platform-flag">
        <input
          type="checkbox"
          checked={value === true}
          onChange={(event) => onChange(event.target.checked)}
        />
        {label}
      </label>
    )
  }
  return (
    <div className="platform-field">
      <label htmlFor={id}>
        {label} <code>{field.name}</code>
      </label>
      <Input id={id} about={about} field={field} value={value} said={said} onChange={onChange} />
      {said && (
        <span id={said} className={refusal ? 'platform-refusal' : 'mk-quiet'}>
          {refusal ?? hint}
        </span>
      )}
    </div>
  )
}

interface InputProps extends Props {
  id: string
  said?: string
}

function Input({ id, about, field, value, said, onChange }: InputProps) {
  const { t } = useTranslation('platform')
  const zone = useZone()
  const [list, setList] = useState(Array.isArray(value) ? value.join(', ') : '')
  const same = { id, 'aria-describedby': said, required: field.isRequired, name: field.name }
  if (field.kind === 'choice') {
    return (
      <select {...same} value={String(value)} onChange={(event) => onChange(event.target.value)}>
        {field.options?.map((one) => (
          <option key={one} value={one}>
            {t(`${about}.option.${field.name}.${one}`, { defaultValue: one })}
          </option>
        ))}
      </select>
    )
  }
  if (field.kind === 'int') {
    return (
      <input
        {...same}
        type="number"
        min={field.min}
        max={field.max}
        value={String(value ?? '')}
        onChange={(event) =>
          onChange(event.target.value === '' ? null : Number(event.target.value))
        }
      />
    )
  }
  if (field.kind === 'time') {
    const local = value ? formatTime(String(value), zone).replace(' ', 'T').slice(0, 16) : ''
    return (
      <input
        {...same}
        type="datetime-local"
        value={local}
        onChange={(event) =>
          onChange(event.target.value ? instantOf(event.target.value, zone) : null)
        }
      />
    )
  }
  if (field.kind === 'list') {
    return (
      <input
        {...same}
        value={list}
        onChange={(event) => {
          setList(event.target.value)
          onChange(listOf(event.target.value))
        }}
      />
    )
  }
  const isSecret = field.kind === 'secret'
  return (
    <input
      {...same}
      type={isSecret ? 'password' : 'text'}
      autoComplete={isSecret ? 'new-password' : 'off'}
      maxLength={200}
      value={String(value ?? '')}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}
