import type { Schema } from '@/api/client'
import type { Tone } from '@/kit/StateTag'

export type Push = Schema<'PushView'>

export const PURPOSES = ['status', 'record', 'message', 'number_state'] as const
export const STATES = ['waiting', 'delivered', 'dead'] as const
/** What a try may have ended with, as the API filters by it. */
export const RESULTS = [
  'unreachable',
  'timeout',
  'tls',
  'broken',
  'refused',
  '3xx',
  '4xx',
  '5xx',
] as const
/** Tries of the schedule: at once, then after 1, 4, 9, 106, 203 and 300 minutes. */
export const SCHEDULED = 7

export const TONES: Record<Push['state'], Tone> = { waiting: 'plain', delivered: 'ok', dead: 'bad' }
