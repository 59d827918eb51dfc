import { useBlocker } from '@tanstack/react-router'
import { UnsavedQuestion } from '@/kit/UnsavedQuestion'
import { unsavedFields } from '@/kit/unsaved'

/** Asks who leaves a page, or the detail of a list, with something in a form that is not saved. */
export function UnsavedGuard() {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => {
      const isSame =
        current.pathname === next.pathname && openOf(current.search) === openOf(next.search)
      return !isSame && unsavedFields({ withBusy: false }).length > 0
    },
    enableBeforeUnload: () => unsavedFields({ withBusy: true }).length > 0,
    withResolver: true,
  })
  if (blocker.status !== 'blocked') return null
  const names = unsavedFields({ withBusy: false })
  return (
    <UnsavedQuestion of="page" names={names} onLeave={blocker.proceed} onStay={blocker.reset} />
  )
}

/** Which entry of a list is open beside it. */
const openOf = (search: unknown) => (search as Record<string, unknown>).open
