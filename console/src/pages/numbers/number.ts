import type { Schema } from '@/api/client'
import type { Tone } from '@/kit/StateTag'

/** A virtual number as lists and its page show it. */
export type VirtualNumber = Schema<'NumberView'>
export type NumberState = VirtualNumber['state']

export const STATES = [
  'normal',
  'paused',
  'binding_frozen',
  'unavailable',
  'blacklisted',
  'in_transfer',
  'awaiting_real_name',
  'returned',
] as const satisfies readonly NumberState[]

/** Only what needs somebody is coloured: a pause was meant. */
export const TONES: Record<NumberState, Tone> = {
  normal: 'plain',
  paused: 'plain',
  binding_frozen: 'warn',
  unavailable: 'bad',
  blacklisted: 'bad',
  in_transfer: 'plain',
  awaiting_real_name: 'warn',
  returned: 'plain',
}

/** What `POST /number-jobs` does to each number. */
export const ACTIONS = [
  'pause',
  'resume',
  'freeze',
  'unfreeze',
  'blacklist',
  'unblacklist',
  'sms_on',
  'sms_off',
  'assign',
  'tag',
  'untag',
  'note',
] as const
export type Action = (typeof ACTIONS)[number]

/** What an action needs besides the numbers. */
export const NEEDS: Partial<Record<Action, 'reason' | 'app_key' | 'tag' | 'note'>> = {
  blacklist: 'reason',
  assign: 'app_key',
  tag: 'tag',
  untag: 'tag',
  note: 'note',
}

/** What would become of each number, counted before anything is done. */
export interface Effects {
  numbers: number
  changes: number
  unchanged: number
  failed: number
  bindings: number
  is_bounded: boolean
}
