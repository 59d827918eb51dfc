import { useQuery } from '@tanstack/react-query'
import { ask } from '@/api/client'

/** A job of `/jobs`; what it counts and yields depends on its kind. */
export interface Job {
  job_id: string
  kind: string
  state: string
  done?: number | null
  total?: number | null
  failed?: number | null
  created_at: string
  finished_at?: string | null
  error?: string | null
  download?: string | null
}

const RUNNING: readonly string[] = ['waiting', 'queued', 'running', 'paused']
const LOOK_MS = 1_000
const IDLE_MS = 30_000

export const isRunning = (job: Job): boolean => RUNNING.includes(job.state)

/** One job, read again each second until it has ended. */
export function useJob(id: string | undefined) {
  return useQuery({
    queryKey: ['/jobs', id],
    queryFn: () => ask<Job>('GET', '/jobs/{id}', { params: { id: id ?? '' } }),
    enabled: id !== undefined && id !== '',
    refetchInterval: ({ state }) => (state.data && !isRunning(state.data) ? false : LOOK_MS),
  })
}

/** The newest jobs of whoever is signed in. */
export function useJobs(isEnabled: boolean) {
  return useQuery({
    queryKey: ['/jobs'],
    queryFn: () => ask<{ items: Job[] }>('GET', '/jobs', { query: { limit: 20 } }),
    enabled: isEnabled,
    retry: false,
    refetchInterval: ({ state }) => (state.data?.items.some(isRunning) ? LOOK_MS * 2 : IDLE_MS),
  })
}
