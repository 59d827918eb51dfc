import type { Schema } from '@/api/client'
import type { Tone } from '@/kit/StateTag'

export type Complaint = Schema<'ComplaintView'>
export type Violation = Schema<'ViolationView'>
export type Report = Schema<'ReportView'>
export type Row = Schema<'ReportRowView'>

export const CAUSES = ['harassment', 'fraud', 'prohibited_business', 'other'] as const
export const STATES = ['open', 'upheld', 'dismissed'] as const
export const RULES = [
  'other_scene',
  'harassment',
  'many_complaints',
  'fraud',
  'repeated',
  'guided_operations',
  'called_again',
  'prohibited_business',
  'harms_carriers',
] as const
export const MEASURES = ['warn', 'restrict', 'pause_application', 'freeze_tenant'] as const

export const TONES: Record<Complaint['state'], Tone> = {
  open: 'warn',
  upheld: 'bad',
  dismissed: 'plain',
}

const formatOf = (currency: string, language: string) =>
  new Intl.NumberFormat(language, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
  })

/** How many of its minor unit a currency has. */
export function unitsOf(currency: string): number {
  return 10 ** (formatOf(currency, 'en').resolvedOptions().maximumFractionDigits ?? 2)
}

/** An amount in the minor unit of a currency, as people read it. */
export function formatAmount(minor: number, currency: string, language: string): string {
  return formatOf(currency, language).format(minor / unitsOf(currency))
}
