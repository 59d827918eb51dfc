import { type Schema, urlOf } from '@/api/client'
import type { Tone } from '@/kit/StateTag'

export type Prompt = Schema<'PromptView'>
export type Review = Schema<'ReviewView'>

export const PROMPT = '/applications/{app_key}/prompts/{name}'
export const STATES = ['waiting', 'approved', 'rejected'] as const

/** Waiting is on the reviewer, rejected on the owner. */
export const TONES: Record<Prompt['state'], Tone> = {
  waiting: 'plain',
  approved: 'ok',
  rejected: 'warn',
}

export interface Place {
  app_key: string
  name: string
}

export const paramsOf = ({ app_key, name }: Place) => ({ app_key, name })

/** The address of its sound: what was submitted last, or what calls play. */
export function soundOf(place: Place, version: 'latest' | 'approved'): string {
  return urlOf(`${PROMPT}/sound`, { params: paramsOf(place), query: { version } })
}

/** An opaque mark of a row for the address. */
export const idOf = ({ app_key, name }: Place) => `${app_key}/${name}`
