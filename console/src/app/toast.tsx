import { useSyncExternalStore } from 'react'

interface Toast {
  id: number
  text: string
}

const SHOWN_MS = 5_000
const MAX_TOASTS = 4
let shown: readonly Toast[] = []
let count = 0
const listeners = new Set<() => void>()

function show(toasts: readonly Toast[]): void {
  shown = toasts
  for (const listener of listeners) listener()
}

/** Say that something was done. Failures that matter stay on the page instead: use ErrorBox. */
export function toast(text: string): void {
  count += 1
  const id = count
  show([...shown, { id, text }].slice(-MAX_TOASTS))
  window.setTimeout(() => show(shown.filter((one) => one.id !== id)), SHOWN_MS)
}

export function Toasts() {
  const toasts = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => shown,
  )
  return (
    <div className="mk-toasts" role="status" aria-live="polite">
      {toasts.map((one) => (
        <div key={one.id} className="mk-toast">
          {one.text}
        </div>
      ))}
    </div>
  )
}
