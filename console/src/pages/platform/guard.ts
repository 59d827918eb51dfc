import type { Schema } from '@/api/client'
import type { FieldSpec } from './fields'

export type CallBlock = Schema<'CallBlockView'>
export type FrequencyRule = Schema<'FrequencyRuleView'>

export const SCOPES = ['platform', 'tenant', 'application', 'number'] as const
export const DIRECTIONS = ['caller', 'callee', 'both'] as const
export const COUNTED = [
  'caller',
  'callee',
  'pair',
  'number',
  'shown_number',
  'application',
  'tenant',
] as const

/** Whose calls a new rule is for; nothing given means all that its maker may speak for. */
const PLACE: readonly FieldSpec[] = [
  { name: 'app_key', kind: 'text', start: null, isOnce: true, isMore: true },
  { name: 'x', kind: 'text', start: null, isOnce: true, isMore: true },
]
const TENANT: FieldSpec = {
  name: 'tenant_id',
  kind: 'text',
  start: null,
  isOnce: true,
  isMore: true,
}

const BLOCK_FIELDS: readonly FieldSpec[] = [
  { name: 'number', kind: 'text', start: '', isRequired: true, isOnce: true },
  { name: 'direction', kind: 'choice', start: 'caller', options: DIRECTIONS, isOnce: true },
  { name: 'reason', kind: 'text', start: '', isRequired: true },
  { name: 'evidence', kind: 'text', start: '' },
  { name: 'until', kind: 'time', start: null },
]

const RULE_FIELDS: readonly FieldSpec[] = [
  { name: 'counted', kind: 'choice', start: 'caller', options: COUNTED, isOnce: true },
  { name: 'calls', kind: 'int', start: null, min: 1, max: 1_000, isRequired: true },
  { name: 'within_s', kind: 'int', start: null, min: 1, max: 86_400, isRequired: true },
  { name: 'is_enabled', kind: 'flag', start: true },
  { name: 'note', kind: 'text', start: '' },
]

/** What a form asks for; only the platform's people name a tenant. */
export function guardFields(about: 'block' | 'rule', isPlatform: boolean): readonly FieldSpec[] {
  const own = about === 'block' ? BLOCK_FIELDS : RULE_FIELDS
  return isPlatform ? [...own, TENANT, ...PLACE] : [...own, ...PLACE]
}
