import type { Schema } from '@/api/client'

/** A binding of any mode; what its mode has not is null. */
export type Binding = Schema<'BindingView'>
export type EndedBinding = Schema<'EndedBindingView'>

export const MODES = ['ax', 'axb', 'axe', 'axyb', 'yb'] as const

/** Something that befell a binding, and how it was then. */
export interface BindingEvent {
  at: string
  what: 'created' | 'changed' | 'ended'
  cause: EndedBinding['cause'] | null
  binding: Binding
}

export interface BindingHistory {
  binding_id: string
  is_live: boolean
  items: BindingEvent[]
}

/** What became of each binding that was to be removed. */
export interface Unbound {
  unbound: number
  items: { binding_id: string; is_unbound: boolean; code?: string; message?: string }[]
}
