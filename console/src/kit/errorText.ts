import type { TFunction } from 'i18next'
import { ChangedMeanwhile, StillChecking } from '@/api/change'
import { ApiError, NoAnswer } from '@/api/error'

/** One sentence for an error, in the reader's language; details are the server's, in English. */
export function messageOf(error: unknown, t: TFunction): string {
  if (error instanceof NoAnswer) return t('kit:error.noAnswer')
  if (error instanceof StillChecking) return t('kit:error.stillChecking')
  if (error instanceof ChangedMeanwhile) return t('kit:error.changedMeanwhile')
  if (error instanceof ApiError) {
    return t(`kit:code.${error.code}`, { defaultValue: detailed(error, t), code: error.code })
  }
  return error instanceof Error ? error.message : String(error)
}

function detailed({ code, field, message }: ApiError, t: TFunction): string {
  const sentence = t(`kit:problem.${code}`, { defaultValue: '', field: field ?? '' })
  const detail = field ? message.replace(`${field}: `, '') : message
  return sentence ? t('kit:error.detailed', { sentence, detail }) : message
}
