import { useEffect, useRef, useState } from 'react'
import { PREFIX } from '@/api/client'

export type EventHandler = (data: unknown, kind: string) => void
/** `live` while the stream brings something; `stale` when it is cut: say "unknown" then. */
export type StreamState = 'live' | 'stale' | 'off'

const SILENT_MS = 15_000

/**
 * Listen to topics of `GET /events`, such as `call:SESSION` or `health`. The stream is closed while
 * the tab is hidden: a browser has six connections for one host over all its tabs.
 */
export function useEvents(
  topics: readonly string[],
  kinds: readonly string[],
  handler: EventHandler,
): StreamState {
  const [state, setState] = useState<StreamState>('off')
  const latest = useRef(handler)
  latest.current = handler
  const wanted = topics.join(',')
  const heard = kinds.join(',')
  const isVisible = useIsVisible()
  useEffect(() => {
    if (!wanted || !isVisible) {
      setState('off')
      return
    }
    const source = new EventSource(`${PREFIX}/events?topics=${encodeURIComponent(wanted)}`)
    let last = Date.now()
    const alive = () => {
      last = Date.now()
      setState('live')
    }
    const hear = (event: MessageEvent<string>) => {
      alive()
      latest.current(JSON.parse(event.data) as unknown, event.type)
    }
    source.onopen = alive
    source.onmessage = hear
    for (const kind of heard.split(',')) source.addEventListener(kind, hear)
    source.onerror = () => setState('stale')
    const timer = window.setInterval(() => {
      const isCut = source.readyState !== EventSource.OPEN && Date.now() - last > SILENT_MS
      if (isCut) setState('stale')
    }, 1_000)
    return () => {
      window.clearInterval(timer)
      source.close()
    }
  }, [wanted, heard, isVisible])
  return state
}

function useIsVisible(): boolean {
  const [isVisible, setVisible] = useState(!document.hidden)
  useEffect(() => {
    const look = () => setVisible(!document.hidden)
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])
  return isVisible
}
