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
  /** The message with tokens, or facts, of the first of those folded into the row. */
  detail: string
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
    else rows.push({ atS: step.at_s, way, kind, what: step.what, detail: step.detail, count: 1 })
  }
  return rows
}

/** Whether the row is a SIP message. */
export function isMessage(row: Row): boolean {
  return row.kind === 'sipA' || row.kind === 'sipB'
}

/** Codecs that the session description in a message names, in their order. */
export function codecsOf(row: Row): string {
  if (!isMessage(row)) return ''
  const names = [...row.detail.matchAll(/^a=rtpmap:\d+ ([^/\s]+)/gm)].map((found) => found[1])
  const codecs = names.filter((name) => name !== 'telephone-event')
  if (codecs.length > 0) return codecs.join(', ')
  return /^m=audio /m.test(row.detail) ? 'audio' : ''
}

/** Where what stands in a line of a message to a party comes from. */
export type Source = 'rule' | 'ours' | 'copied' | 'other'

const NAMES = /^(From|To|P-Asserted-Identity):/
const REPEATED = /^(Via|From|To|Call-ID|CSeq|Record-Route):/
const CODECS = /^(Max-Forwards:|m=|a=rtpmap|a=fmtp)/

/**
 * The source of each line of a message that we sent. A response repeats headers of the very party it goes to, and
 * later requests name that party as it named itself; of the other side there are only codecs and, in whole steps,
 * how far a call may still go.
 */
export function sourceOf(line: string, row: Row): Source | undefined {
  if (!line || (row.way !== 'toA' && row.way !== 'toB')) return undefined
  const isResponse = row.detail.startsWith('SIP/2.0 ')
  const isFirst = !isResponse && row.detail.startsWith(`${line}\n`)
  if (isResponse && REPEATED.test(line)) return 'copied'
  if (isFirst || (!isResponse && NAMES.test(line))) return row.way === 'toB' ? 'rule' : 'copied'
  return CODECS.test(line) ? 'other' : 'ours'
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
