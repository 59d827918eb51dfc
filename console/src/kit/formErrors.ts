import type { FormInstance } from 'antd'
import type { TFunction } from 'i18next'
import { ApiError } from '@/api/error'
import { messageOf } from './errorText'

/**
 * Put what the API refused under its field of an Ant Design form. False when the form has no such
 * field: show an ErrorBox at its head then. `names` maps wire names to the form's where they differ.
 */
export function showInForm(
  form: FormInstance,
  error: unknown,
  t: TFunction,
  names: Record<string, string> = {},
): boolean {
  if (!(error instanceof ApiError) || !error.field) return false
  const name = (names[error.field] ?? error.field).split('.')
  if (form.getFieldInstance(name) === undefined && form.getFieldValue(name) === undefined)
    return false
  const hint = error.hint ? ` ${error.hint}` : ''
  form.setFields([{ name, errors: [`${messageOf(error, t)}${hint}`] }])
  form.scrollToField(name, { focus: true })
  return true
}
