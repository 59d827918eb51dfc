import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ask, type Schema, urlOf } from '@/api/client'
import { useRight } from '@/app/SessionContext'

/** Long work; of `total` rows `changes` are to be made, or were, and `done` are finished. */
export type Job = Schema<'JobView'>

const OVER: readonly Job['state'][] = ['done', 'failed', 'cancelled']
/** Nothing happens in these until somebody says so. */
const RESTING: readonly Job['state'][] = ['ready', 'paused']
const LOOK_MS = 1_000
const IDLE_MS = 30_000

export const isOver = (job: Job): boolean => OVER.includes(job.state)

/** Whether the job changes by itself: it is worth looking at again soon. */
export const isRunning = (job: Job): boolean => !isOver(job) && !RESTING.includes(job.state)

/** How many of its rows a job has dealt with, in whatever way. */
export const handled = (job: Job): number => job.done + job.unchanged + job.failed

/** Where the file of a job is, while it is kept. */
export const fileOf = (job: Job): string | null =>
  job.file && Date.parse(job.file.expires_at) > Date.now()
    ? urlOf('/jobs/{id}/file', { params: { id: job.job_id } })
    : null

/** One job, read again each second while it changes by itself. */
export function useJob(id: string | undefined) {
  return useQuery({
    queryKey: ['/jobs', id],
    queryFn: () => ask<Job>('GET', '/jobs/{id}', { params: { id: id ?? '' } }),
    enabled: id !== undefined && id !== '',
    refetchInterval: ({ state }) => (state.data && !isRunning(state.data) ? false : LOOK_MS),
  })
}

/** The newest jobs of whoever is signed in; while none runs they are read again only if `isWatched`. */
export function useJobs(isWatched: boolean) {
  const mayRead = useRight('overview.read')
  return useQuery({
    queryKey: ['/jobs'],
    queryFn: () => ask<{ items: Job[] }>('GET', '/jobs', { query: { limit: 20, mine: true } }),
    enabled: mayRead,
    retry: false,
    refetchInterval: ({ state }) => {
      if (state.data?.items.some(isRunning)) return LOOK_MS * 2
      return isWatched ? IDLE_MS : false
    },
  })
}

export type JobVerb = 'cancel' | 'pause' | 'resume'

/** Tells a job to rest, to go on, or to stop; whatever shows it is read again. */
export function useJobVerbs(id: string) {
  const client = useQueryClient()
  return async (verb: JobVerb) => {
    await ask('POST', `/jobs/{id}/${verb}`, { params: { id } })
    await client.invalidateQueries({ queryKey: ['/jobs'] })
  }
}
