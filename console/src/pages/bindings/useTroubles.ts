import { useTranslation } from 'react-i18next'
import { ApiError } from '@/api/error'
import { messageOf } from '@/kit/errorText'

/** What was refused: under its field where that is one of the form's, else for the form's head. */
export function useTroubles(error: unknown, names: readonly string[]) {
  const { t } = useTranslation('bindings')
  const isOfField =
    error instanceof ApiError && error.field !== undefined && names.includes(error.field)
  const troubles: Record<string, string> = {}
  if (isOfField && error.field) {
    const said = t(`result.${error.code}`, { defaultValue: messageOf(error, t) })
    troubles[error.field] = `${said} (${error.code})`
  }
  return { troubles, atHead: isOfField ? null : error }
}

/** A refusal in the reader's language, by the code of the compatible interface. */
export function useSaid() {
  const { t } = useTranslation('bindings')
  return (error: unknown) =>
    error instanceof ApiError
      ? t(`result.${error.code}`, { defaultValue: messageOf(error, t) })
      : messageOf(error, t)
}
