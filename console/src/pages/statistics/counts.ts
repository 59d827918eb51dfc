import type { Schema } from '@/api/client'

/** Counts by time or by what they are about, as `GET /statistics` answers. */
export type Counts = Schema<'StatisticsView'>
export type Count = Counts['items'][number]
export type Kind = Counts['kind']
export type By = Counts['by']
