import type { Schema } from '@/api/client'
import type { Tone } from '@/kit/StateTag'

export type Activation = Schema<'ActivationView'>
export type Enterprise = Schema<'EnterpriseView'>
export type Paper = Schema<'PaperView'>
export type Contact = Schema<'ContactView'>
export type Order = Schema<'OrderView'>
export type Line = Schema<'LineForm'>
export type SheetLines = Schema<'SheetLinesView'>

export const ENTERPRISE = '/enterprises/{enterprise_id}'
export const ORDER = '/orders/{order_id}'
export const ACTIVATION = '/tenants/{tenant_id}/activation'
export const CONTACTS = '/tenants/{tenant_id}/contacts'

export const ORDER_STATES = ['submitted', 'processing', 'issued', 'rejected', 'cancelled'] as const
export const ENTERPRISE_STATES = ['draft', 'waiting', 'approved', 'rejected'] as const
export const KINDS = ['virtual_operator', 'carrier'] as const
export const NATURES = ['direct', 'saas', 'channel'] as const
export const BEARERS = [
  'app',
  'mini_program',
  'website',
  'official_account',
  'h5',
  'other',
] as const
export const INDUSTRIES = [
  'ride_hailing',
  'delivery',
  'e_commerce',
  'travel',
  'housing',
  'automotive',
  'health',
  'public_service',
  'software',
  'other',
] as const
export const PAPERS = [
  'licence',
  'legal_front',
  'legal_back',
  'agent_front',
  'agent_back',
  'agent_holding',
  'authority',
  'bearer_authority',
  'other',
] as const

/** Rejected is on the tenant; waiting on the platform. */
export const TONES: Record<string, Tone> = {
  needed: 'warn',
  draft: 'plain',
  waiting: 'plain',
  approved: 'ok',
  rejected: 'warn',
  restricted: 'bad',
  expired: 'warn',
  submitted: 'plain',
  processing: 'plain',
  issued: 'ok',
  cancelled: 'plain',
}

/** The state that people see: an approved enterprise whose letter has ended is expired. */
export const shownState = (one: Enterprise) => (one.is_expired ? 'expired' : one.state)
