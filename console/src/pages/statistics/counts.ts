import type { Schema } from '@/api/client'

/** Counts by time or by what they are about, as `GET /statistics` answers. */
export type Counts = Schema<'StatisticsView'>
export type Count = Counts['items'][number]
export type Kind = Counts['kind']
export type By = Counts['by']
export type Step = Counts['step']

export const KINDS: readonly Kind[] = [
  'calls',
  'concurrent',
  'messages',
  'bindings',
  'pushes',
  'api',
]

/** By what each kind is counted; `cause` of bindings and `purpose` of pushes are codes, too. */
export const PARTS: Record<Kind, readonly By[]> = {
  calls: ['outcome', 'code', 'application', 'city', 'number'],
  concurrent: ['application'],
  messages: ['code', 'application', 'city', 'number'],
  bindings: ['code', 'application', 'city', 'number'],
  pushes: ['code', 'application'],
  api: ['code', 'application'],
}

/** For how many hours each step can be asked, and from how few it is the usual one. */
const STEPS: readonly (readonly [step: Step, most: number, usual: number])[] = [
  ['minute', 48, 6],
  ['15m', 24 * 8, 25],
  ['hour', 24 * 32, 24 * 8],
  ['day', 24 * 732, Number.POSITIVE_INFINITY],
]

/** The steps that a time can be shown by, and the one that is usual. */
export function stepsOf(hours: number): { possible: Step[]; usual: Step } {
  const possible = STEPS.filter(([, most]) => hours <= most).map(([step]) => step)
  return { possible, usual: STEPS.find(([, , usual]) => hours <= usual)?.[0] ?? 'day' }
}

type Summed =
  | 'count'
  | 'connected'
  | 'talk_s'
  | 'failed'
  | 'first_tries'
  | 'first_try_ok'
  | 'sent'
  | 'parts_sent'
  | 'ended'

/** All of one figure together; what is not counted for this kind is zero. */
export function sumOf({ items }: Counts, figure: Summed): number {
  return items.reduce((sum, one) => sum + (one[figure] ?? 0), 0)
}

/** What a code of this kind is called. */
export function codeName(kind: Kind) {
  if (kind === 'pushes') return 'purpose'
  return kind === 'bindings' ? 'cause' : 'code'
}
