import type { TFunction } from 'i18next'
import { ChangedMeanwhile, StillChecking } from '@/api/change'
import { ApiError, NoAnswer } from '@/api/error'

/** One sentence for an error. Codes that kit.json knows have one in the reader's language. */
export function messageOf(error: unknown, t: TFunction): string {
  if (error instanceof NoAnswer) return t('kit:error.noAnswer')
  if (error instanceof StillChecking) return t('kit:error.stillChecking')
  if (error instanceof ChangedMeanwhile) return t('kit:error.changedMeanwhile')
  if (error instanceof ApiError) {
    return t(`kit:code.${error.code}`, { defaultValue: error.message, code: error.code })
  }
  return error instanceof Error ? error.message : String(error)
}
