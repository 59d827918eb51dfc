import type { Schema } from '@/api/client'
import type { FieldSpec } from './fields'

export type Tenant = Schema<'TenantView'>

const days = (name: string, start: number | null = null): FieldSpec => ({
  name,
  kind: 'int',
  start,
  min: 1,
})

/** Days left empty for a new tenant are those of the settings. */
export const TENANT_FIELDS: readonly FieldSpec[] = [
  { name: 'name', kind: 'text', start: '', isRequired: true },
  days('record_retention_days'),
  days('binding_retention_days'),
  days('recording_retention_days'),
  days('message_retention_days', 180),
  days('text_retention_days', 7),
  { name: 'max_applications', kind: 'int', start: 5, min: 1 },
  { name: 'may_message', kind: 'flag', start: true },
]
