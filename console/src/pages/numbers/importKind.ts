import type { Job } from '@/kit/useJob'

export type ImportKind = Extract<Job['kind'], 'number_import' | 'sms_capability_import'>

/** Where imports of a kind are asked for, and their pages. */
export const PLACES = {
  number_import: {
    path: '/number-imports',
    page: '/numbers/import',
    jobPage: '/numbers/import/$job',
    maxRows: 50_000,
  },
  sms_capability_import: {
    path: '/sms-capability-imports',
    page: '/numbers/sms',
    jobPage: '/numbers/sms/$job',
    maxRows: 5_000,
  },
} as const satisfies Record<ImportKind, unknown>

export const MAX_BYTES = 10_000_000
