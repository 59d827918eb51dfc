import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { ask } from '@/api/client'
import { ApiError } from '@/api/error'
import { useSession } from '@/app/SessionContext'
import type { Run, RunEvent } from './model'

const WAIT_S = 15
const AGAIN_MS = 2_000
const LOOK_MS = 1_500
const MAX_EVENTS = 1_000

/** The own run, if there is one; phones are looked at again whenever something happened. */
export function useRun() {
  const client = useQueryClient()
  const own = useSession().user.user_id
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['/sandbox/runs', own],
    queryFn: async () => {
      const { items } = await ask<{ items: Run[] }>('GET', '/sandbox/runs')
      return items.find((run) => run.user === own) ?? null
    },
    // What a phone hears is told by nothing else.
    refetchInterval: ({ state }) =>
      state.data?.phones.some((phone) => phone.state === 'talking') ? LOOK_MS : false,
    retry: false,
  })
  const look = useCallback(
    () => client.invalidateQueries({ queryKey: ['/sandbox/runs', own] }),
    [client, own],
  )
  return { run: data ?? undefined, error, isPending, refetch, look }
}

/** The events of a run as they happen; `isCut` while the server can't be asked. */
export function useRunEvents(runId: string | undefined, onNews: () => void) {
  const [events, setEvents] = useState<readonly RunEvent[]>([])
  const [isCut, setCut] = useState(false)
  const news = useRef(onNews)
  news.current = onNews
  useEffect(() => {
    setEvents([])
    setCut(false)
    if (!runId) return
    const stop = new AbortController()
    void follow(runId, stop.signal, setCut, (came) => {
      setEvents((before) => [...before, ...came].slice(-MAX_EVENTS))
      news.current()
    })
    return () => stop.abort()
  }, [runId])
  return { events, isCut }
}

async function follow(
  runId: string,
  signal: AbortSignal,
  setCut: (isCut: boolean) => void,
  onCame: (events: RunEvent[]) => void,
): Promise<void> {
  let after = 0
  while (!signal.aborted) {
    try {
      const told = await ask<{ items: RunEvent[] }>('GET', '/sandbox/runs/{run_id}/events', {
        params: { run_id: runId },
        query: { after, wait_s: WAIT_S },
        signal,
      })
      setCut(false)
      const last = told.items.at(-1)
      if (last) {
        after = last.sequence
        onCame(told.items)
      }
    } catch (error) {
      if (signal.aborted) return
      setCut(true)
      if (error instanceof ApiError && error.status === 404) return onCame([])
      await new Promise((resolve) => window.setTimeout(resolve, AGAIN_MS))
    }
  }
}
