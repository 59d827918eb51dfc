import { useQueryClient } from '@tanstack/react-query'
import type { FormRequests } from '@/api/change'
import type { Schema } from '@/api/client'

/** An application as the API shows it. */
export type Application = Schema<'ApplicationView'>
export type Value = string | number | boolean | readonly string[] | null

export const MODES = ['ax', 'axb', 'axe', 'axyb', 'x'] as const

/** A field that a section edits. `prompts.no_binding` is one of an inner object. */
export interface AppField {
  name: string
  kind: 'text' | 'flag' | 'count' | 'lines' | 'prompt' | 'choice'
  /** The values of a choice; their texts are `choice.<name>.<value>`. */
  options?: readonly string[]
  max?: number
  /** An emptied text becomes null. */
  isNullable?: boolean
  hasHint?: boolean
  /** Of one mode only. */
  onlyIn?: Application['mode']
  /** Set by the platform alone: it protects the other applications. */
  isOfPlatform?: boolean
}

const flag = (name: string, hasHint = false): AppField => ({ name, kind: 'flag', hasHint })
const lines = (name: string): AppField => ({ name, kind: 'lines', hasHint: true })
const slot = (name: string): AppField => ({ name: `prompts.${name}`, kind: 'prompt' })
const count = (name: string, isOfPlatform = false, max = 1_000_000): AppField => ({
  name,
  kind: 'count',
  max,
  hasHint: true,
  isOfPlatform,
})

/** The sections of the page that are plain forms, each saved by itself. */
export const SECTIONS = {
  identity: [
    { name: 'name', kind: 'text', max: 64, hasHint: true },
    { name: 'description', kind: 'text', max: 256 },
    flag('is_sandbox', true),
  ],
  features: [
    flag('may_call'),
    { ...flag('may_show_caller', true), onlyIn: 'ax' },
    { ...flag('remembers_callers', true), onlyIn: 'ax' },
    flag('may_record'),
    flag('has_voice_check', true),
    flag('may_message'),
    flag('pushes_number_state'),
    flag('intercepts_unregistered', true),
  ],
  slots: ['no_permission', 'no_binding', 'service_abnormal', 'waiting_tone', 'random_check'].map(
    slot,
  ),
  axe: [
    count('extension_repeats', false, 9),
    { name: 'callback_number', kind: 'text', max: 20, isNullable: true, hasHint: true },
    ...[
      'enter_extension',
      'wrong_extension',
      'wrong_extension_end',
      'no_extension_end',
      'no_callback',
    ].map(slot),
  ],
  messages: [
    flag('messages.shows_text', true),
    { ...flag('messages.reply_tags', true), onlyIn: 'ax' },
    lines('messages.required_words'),
    lines('messages.forbidden_words'),
    lines('messages.opt_out_words'),
    count('messages.per_sender_min'),
    count('messages.per_number_min'),
    count('messages.per_s'),
    count('messages.parts_per_day'),
  ],
  limits: [
    lines('allowed_addresses'),
    count('request_limit_per_s', true),
    count('pairs_per_number', true),
    count('binds_per_day', true),
    lines('limits.destinations'),
    count('limits.spend_per_day', false, 1_000_000_000_000),
  ],
  choice: [
    flag('number_choice.home_city_first', true),
    lines('number_choice.fallback_area_codes'),
    { name: 'number_choice.pool', kind: 'text', max: 32, isNullable: true, hasHint: true },
    {
      name: 'number_choice.repeat',
      kind: 'choice',
      options: ['any', 'sticky', 'avoid'],
      hasHint: true,
    },
    count('number_choice.cool_off_h', false, 2160),
  ],
} as const satisfies Record<string, readonly AppField[]>
export type Section = keyof typeof SECTIONS

/** The URLs, the purpose under which a push to each is tested, and what each is mandatory for. */
export const CALLBACKS = [
  { field: 'status_url', purpose: 'status' },
  { field: 'cdr_url', purpose: 'record' },
  { field: 'sms_url', purpose: 'message' },
  { field: 'sms_control_url', purpose: null },
  { field: 'number_state_url', purpose: 'number_state' },
] as const
export type Callback = (typeof CALLBACKS)[number]

export function fieldOf(app: Application, name: string): Value {
  const [head = '', tail] = name.split('.')
  const outer = (app as unknown as Record<string, unknown>)[head]
  return (tail ? (outer as Record<string, unknown>)[tail] : outer) as Value
}

/** The body of a change: `{'prompts.a': 1}` as `{prompts: {a: 1}}`. */
export function patchOf(changes: Record<string, Value>): Record<string, unknown> {
  const patch: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(changes)) {
    const [head = '', tail] = name.split('.')
    patch[head] = tail ? { ...(patch[head] as object | undefined), [tail]: value } : value
  }
  return patch
}

/** Change fields of an application as it was shown; everything that shows it is read again. */
export function useChangeOf(app: Application) {
  const client = useQueryClient()
  return async ({ edit }: FormRequests, body: Record<string, unknown>) => {
    const params = { app_key: app.app_key }
    await edit('/applications/{app_key}', { params, before: app, body })
    await client.invalidateQueries({ queryKey: ['/applications'] })
  }
}
