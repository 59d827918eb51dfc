import { useTranslation } from 'react-i18next'
import type { Field } from '@/kit/Fields'
import { NONE } from '@/kit/Texts'
import type { FieldSpec, Values } from './fields'

/** The fields of an object as they are read, by their specification; secrets only as set or not. */
export function useShown(about: string) {
  const { t } = useTranslation('platform')
  return (fields: readonly FieldSpec[], object: object): Field[] =>
    fields.map(({ name, kind }) => {
      const values = object as Values
      const value = kind === 'secret' ? values[`has_${name}`] : values[name]
      return { label: t(`${about}.field.${name}`), wire: name, value: shown(name, kind, value) }
    })

  function shown(name: string, kind: FieldSpec['kind'], value: Values[string] | undefined) {
    if (kind === 'flag') return value ? t('yes') : t('no')
    if (kind === 'secret') return value ? t('isSet') : t('isNotSet')
    if (value === null || value === undefined || value === '') return NONE
    if (kind === 'choice') return t(`${about}.option.${name}.${value}`, { defaultValue: value })
    return Array.isArray(value) ? value.join(', ') || NONE : String(value)
  }
}
