import type { Schema } from '@/api/client'
import type { Tone } from '@/kit/StateTag'

export type Message = Schema<'MessageView'>

/** The names of `sendResult`, by its number. */
export const RESULTS = [
  'success',
  'account_frozen',
  'no_binding',
  'number_suspended',
  'not_commercial',
  'internal',
  'discarded_as_told',
  'no_decision',
  'blocked',
  'partly_sent',
  'not_sent',
  'no_message_ability',
  'required_word_missing',
  'forbidden_word',
] as const

/** What the platform or a network did not manage; all others are rules and states. */
const FAILURES: readonly string[] = ['internal', 'partly_sent', 'not_sent', 'no_decision']

export function toneOf({ result }: Message): Tone {
  if (!result) return 'plain'
  if (result === 'success') return 'ok'
  return FAILURES.includes(result) ? 'bad' : 'warn'
}
