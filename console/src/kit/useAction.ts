import { useState } from 'react'

/** What a form or button does: whether it is being done, and why it was refused the last time. */
export function useAction() {
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const act = async (verb: () => Promise<void>) => {
    setBusy(true)
    setError(null)
    try {
      await verb()
    } catch (refused) {
      setError(refused)
    } finally {
      setBusy(false)
    }
  }
  return { isBusy, error, act }
}
