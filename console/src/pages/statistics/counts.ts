import type { Schema } from '@/api/client'

/** Counts by time or by what they are about, as `GET /statistics` answers. */
export type Counts = Schema<'StatisticsView'>
export type Count = Counts['items'][number]
export type Kind = Counts['kind']
export type By = Counts['by']

/** All of one figure together; what is not counted for this kind is zero. */
export function sumOf(
  { items }: Counts,
  figure: 'count' | 'connected' | 'talk_s' | 'failed' | 'first_tries' | 'first_try_ok',
): number {
  return items.reduce((sum, one) => sum + (one[figure] ?? 0), 0)
}
