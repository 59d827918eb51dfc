import type { Schema } from '@/api/client'

type Step = Schema<'TraceStepView'>
export type Way = 'fromA' | 'toA' | 'fromB' | 'toB' | 'plan' | 'media' | 'told' | 'end'
export const KINDS = ['sipA', 'sipB', 'plan', 'media', 'push'] as const
export type Kind = (typeof KINDS)[number]

/** One line of the ladder; the same message sent again at once is the same line. */
export interface Row {
  atS: number
  way: Way
  kind: Kind
  what: string
  count: number
}

const WAYS: Record<string, [Way, Kind]> = {
  'A>X': ['fromA', 'sipA'],
  'X>A': ['toA', 'sipA'],
  'B>X': ['fromB', 'sipB'],
  'X>B': ['toB', 'sipB'],
  plan: ['plan', 'plan'],
  media: ['media', 'media'],
  told: ['told', 'push'],
  end: ['end', 'plan'],
}

/** The steps in their order, retransmissions folded into one row. */
export function foldSteps(steps: readonly Step[]): Row[] {
  const rows: Row[] = []
  for (const step of steps) {
    const [way, kind] = WAYS[step.where] ?? ['plan', 'plan']
    const last = rows.at(-1)
    if (last && last.way === way && last.what === step.what) last.count += 1
    else rows.push({ atS: step.at_s, way, kind, what: step.what, count: 1 })
  }
  return rows
}

/** Save a trace as JSON: it has no numbers, so that it may be sent to somebody who helps. */
export function saveTrace(trace: Schema<'TraceView'>): void {
  const file = new Blob([JSON.stringify(trace, null, 2)], { type: 'application/json' })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = `trace-${trace.session_id}.json`
  link.click()
  URL.revokeObjectURL(link.href)
}
