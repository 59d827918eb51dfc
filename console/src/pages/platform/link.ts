import type { Schema } from '@/api/client'
import type { Tone } from '@/kit/StateTag'
import type { FieldSpec } from './fields'

export type SmsLink = Schema<'SmsLinkView'>

export const LINK_FIELDS: readonly FieldSpec[] = [
  { name: 'name', kind: 'text', start: '', isRequired: true, isOnce: true },
  { name: 'host', kind: 'text', start: '', isRequired: true },
  { name: 'port', kind: 'int', start: 2775, min: 1, max: 65_535 },
  { name: 'is_tls', kind: 'flag', start: false },
  { name: 'system_id', kind: 'text', start: '', isRequired: true },
  { name: 'password', kind: 'secret', start: '' },
  { name: 'owns', kind: 'list', start: [] },
  { name: 'prefixes', kind: 'list', start: [] },
  { name: 'priority', kind: 'int', start: 10, min: 0 },
  { name: 'is_enabled', kind: 'flag', start: true },
  { name: 'system_type', kind: 'text', start: '', isMore: true },
  {
    name: 'bind',
    kind: 'choice',
    start: 'transceiver',
    options: ['transceiver', 'separate'],
    isMore: true,
  },
  { name: 'window', kind: 'int', start: 32, min: 1, isMore: true },
  { name: 'per_s', kind: 'int', start: 0, min: 0, isMore: true },
  { name: 'enquire_s', kind: 'int', start: 30, min: 1, isMore: true },
  {
    name: 'number_format',
    kind: 'choice',
    start: 'e164',
    options: ['e164', 'national', 'plain86'],
    isMore: true,
  },
  { name: 'ton', kind: 'int', start: -1, min: -1, isMore: true },
  { name: 'npi', kind: 'int', start: -1, min: -1, isMore: true },
  {
    name: 'default_alphabet',
    kind: 'choice',
    start: 'gsm',
    options: ['gsm', 'gsm_packed', 'ascii', 'latin1', 'ucs2'],
    isMore: true,
  },
  { name: 'sends_latin1', kind: 'flag', start: false, isMore: true },
  { name: 'ucs2_code', kind: 'int', start: 8, min: 0, max: 255, isMore: true },
  {
    name: 'long_messages',
    kind: 'choice',
    start: 'udh',
    options: ['udh', 'udh16', 'sar', 'payload'],
    isMore: true,
  },
  {
    name: 'receipt_ids',
    kind: 'choice',
    start: 'same',
    options: ['same', 'hex', 'decimal'],
    isMore: true,
  },
]

type Condition = NonNullable<SmsLink['state']> | 'unknown'

export const LINK_TONES: Record<Condition, Tone> = {
  bound: 'ok',
  partly: 'warn',
  connecting: 'warn',
  down: 'bad',
  disabled: 'plain',
  unknown: 'unknown',
}

/** How a link stands at best; unknown when no worker has told of it lately. */
export function conditionOf(link: SmsLink): Condition {
  if (!link.is_enabled) return 'disabled'
  return link.state ?? 'unknown'
}
