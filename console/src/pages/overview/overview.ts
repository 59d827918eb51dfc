import type { Schema } from '@/api/client'
import { formatCount, formatDuration, formatShare } from '@/kit/format'

export type SignalState = 'ok' | 'unknown' | 'warn' | 'bad'

/** One measured thing, as `GET /overview` answers; a value of `null`: too little to measure. */
export type Signal = Omit<Schema<'SignalView'>, 'state'> & { state: SignalState }

export interface Overview {
  state: SignalState
  at: string
  signals: Signal[]
}

export function readingOf({ value, unit }: Pick<Signal, 'value' | 'unit'>): string {
  if (value === null) return '–'
  if (unit === 'share') return formatShare(value, 1)
  return unit === 's' ? formatDuration(value * 1000) : formatCount(value)
}

interface Evidence {
  to: string
  search?: Record<string, string>
  right: string
}

/** The list that explains a signal, and the right that opens it. */
export function evidenceOf({ name, about }: Signal): Evidence | undefined {
  const app = about ? { app_key: about } : undefined
  switch (name) {
    case 'connected':
      return { to: '/statistics', right: 'statistics.read' }
    case 'failed':
      return { to: '/calls', search: { outcome: 'failed' }, right: 'call.read' }
    case 'pushes_first_try':
      return { to: '/endpoints', search: app, right: 'push.read' }
    case 'dead_pushes':
      return { to: '/pushes/dead', right: 'push.read' }
    case 'oldest_waiting_push':
      return { to: '/pushes', search: { state: 'waiting' }, right: 'push.read' }
    case 'api_errors':
      return { to: '/api-log', right: 'api_log.read' }
    default:
      return undefined
  }
}
