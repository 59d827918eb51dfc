import type { Job } from '@/kit/useJob'

export type ImportKind = Extract<
  Job['kind'],
  'number_import' | 'sms_capability_import' | 'stock_import'
>

/** Where numbers are that imports of a kind bring in, and who may bring them. */
export const TARGETS = {
  number_import: { list: '/numbers', right: 'number.write' },
  sms_capability_import: { list: '/numbers', right: 'number.write' },
  stock_import: { list: '/platform/stock', right: 'stock.write' },
} as const satisfies Record<ImportKind, unknown>

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
  stock_import: {
    path: '/stock-imports',
    page: '/platform/stock/import',
    jobPage: '/platform/stock/import/$job',
    maxRows: 10_000,
  },
} as const satisfies Record<ImportKind, unknown>

export const MAX_BYTES = 10_000_000
