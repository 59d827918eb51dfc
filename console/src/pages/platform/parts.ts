import { useQuery } from '@tanstack/react-query'
import { ask, type Schema } from '@/api/client'
import { NoAnswer } from '@/api/error'
import type { Tone } from '@/kit/StateTag'

const EVERY_MS = 5_000

export const ENGINE_TONES: Record<Schema<'MediaEngineView'>['condition'], Tone> = {
  up: 'ok',
  doubtful: 'warn',
  down: 'bad',
}

export function useEngines() {
  return useQuery({
    queryKey: ['/media-engines'],
    queryFn: () => ask<Schema<'MediaEnginesView'>>('GET', '/media-engines'),
    refetchInterval: EVERY_MS,
  })
}

export function useOutbox() {
  return useQuery({
    queryKey: ['/outbox'],
    queryFn: () => ask<Schema<'OutboxView'>>('GET', '/outbox'),
    refetchInterval: EVERY_MS,
  })
}

interface Readiness {
  /** Of what works by name; those of a process that is not ready are in `missing`. */
  checks: Record<string, boolean>
  missing: string[]
}

/** What load balancers ask of the process, at the root and outside of the management API. */
export function useReadiness() {
  return useQuery({
    queryKey: ['/readyz'],
    refetchInterval: EVERY_MS,
    queryFn: async ({ signal }): Promise<Readiness> => {
      const answer = await fetch('/readyz', { signal }).catch(() => {
        throw new NoAnswer()
      })
      const told = (await answer.json()) as {
        checks?: Record<string, boolean>
        error?: { message: string }
      }
      const missing = (told.error?.message ?? '').split(': ')[1]?.split(', ') ?? []
      return { checks: told.checks ?? {}, missing }
    },
  })
}
