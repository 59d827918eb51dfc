import { type RefCallback, useCallback, useRef, useState } from 'react'
import { FormRequests, isUnanswered, StillChecking } from '@/api/change'
import { watchForm } from './unsaved'

/** How long to wait before the outcome is asked for once more. */
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000]

/**
 * What a form or button does: whether it is being done, and why it was refused the last time.
 * `act` gives its verb `send` and `edit`, under whose keys a request that got no answer is made once;
 * `form` is the ref of the form, which is then asked about when somebody leaves it unsaved.
 */
export function useAction() {
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const requests = useRef<FormRequests>(null)
  requests.current ??= new FormRequests()
  const watch = useRef<ReturnType<typeof watchForm>>(null)
  const form: RefCallback<HTMLElement> = useCallback((element) => {
    if (!element) return
    watch.current = watchForm(element)
    return () => watch.current?.stop()
  }, [])
  const act = async (verb: (requests: FormRequests) => Promise<void>) => {
    const own = requests.current
    if (!own) return
    setBusy(true)
    setError(null)
    watch.current?.setBusy(true)
    try {
      await untilAnswered(() => verb(own), setError)
      own.forget()
      setError(null)
      watch.current?.saved()
    } catch (refused) {
      own.refused(refused)
      setError(refused)
    } finally {
      watch.current?.setBusy(false)
      setBusy(false)
    }
  }
  /** What was refused is given up. */
  const forget = () => {
    requests.current?.forget()
    setError(null)
  }
  return { isBusy, error, act, form, forget }
}

/** Ask again while there is no answer: nobody has to press twice to know. */
async function untilAnswered(verb: () => Promise<void>, tell: (error: Error) => void) {
  for (const pause of [...PAUSES_MS, null]) {
    try {
      return await verb()
    } catch (error) {
      if (pause === null || !isUnanswered(error)) throw error
      tell(new StillChecking())
      await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }
}
