import type { Schema } from '@/api/client'
import type { Outcome } from '@/kit/OutcomeChip'

/** A call as lists and its page show it. */
export type Call = Schema<'CallView'> & { outcome?: string | null }

/** Which end of the call A of the binding was: numbers are shown by role, not by direction. */
export function roles(call: Call): { caller: 'A' | 'B'; callee: 'A' | 'B' } {
  return call.caller_role === 'B' ? { caller: 'B', callee: 'A' } : { caller: 'A', callee: 'B' }
}

export function outcomeOf(call: Call): Outcome {
  return call.ended_at ? ((call.outcome as Outcome | null) ?? 'failed') : 'live'
}

const between = (from?: string | null, until?: string | null): number | null =>
  from && until ? new Date(until).getTime() - new Date(from).getTime() : null

/** The stretches of a call in milliseconds; null where it never got that far. */
export function stretches(call: Call) {
  const end = call.ended_at ?? new Date().toISOString()
  return {
    routing: between(call.arrived_at, call.forwarded_at),
    setUp: between(call.arrived_at, call.alerted_at),
    ringing: call.alerted_at ? between(call.alerted_at, call.answered_at ?? end) : null,
    talk: call.answered_at ? between(call.answered_at, end) : null,
  }
}
