import { useBlocker } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Dialog } from '@/kit/Dialog'
import { unsavedFields } from '@/kit/unsaved'

const MOST_NAMED = 8

/** Asks who leaves a page, or the detail of a list, with something in a form that is not saved. */
export function UnsavedGuard() {
  const { t } = useTranslation(['shell', 'kit'])
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
    <Dialog title={t('unsaved.title')} onClose={blocker.reset} testId="shell.unsaved">
      <p>{t('unsaved.text')}</p>
      <ul>
        {names.slice(0, MOST_NAMED).map((name) => (
          <li key={name}>{name}</li>
        ))}
        {names.length > MOST_NAMED && (
          <li>{t('unsaved.more', { n: names.length - MOST_NAMED })}</li>
        )}
      </ul>
      <div className="mk-actions">
        <button
          type="button"
          className="mk-button"
          data-testid="shell.unsaved.leave"
          onClick={blocker.proceed}
        >
          {t('unsaved.leave')}
        </button>
        <button
          type="button"
          className="mk-button is-primary"
          data-testid="shell.unsaved.stay"
          onClick={blocker.reset}
        >
          {t('unsaved.stay')}
        </button>
      </div>
    </Dialog>
  )
}

/** Which entry of a list is open beside it. */
const openOf = (search: unknown) => (search as Record<string, unknown>).open
