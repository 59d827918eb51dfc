import { Link } from '@tanstack/react-router'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { signOut } from '@/api/session'
import { pages } from './area'
import { useSession } from './SessionContext'

const PROFILE = '/settings/profile'

/** Who is signed in, and the way out; a popover of the browser's own. */
export function UserMenu() {
  const { t } = useTranslation('shell')
  const { user } = useSession()
  const popover = useRef<HTMLDivElement>(null)
  const leave = async () => {
    await signOut().catch(() => undefined)
    window.location.replace('/console/signin')
  }
  const close = () => popover.current?.hidePopover()
  return (
    <>
      <button
        type="button"
        className="mk-button is-quiet"
        popoverTarget="user-menu"
        data-testid="shell.user"
      >
        {user.name || user.login}
      </button>
      <div id="user-menu" popover="auto" className="mk-popover" ref={popover}>
        <p>
          <strong>{user.login}</strong>
          <br />
          {t(`role.${user.role}`)}
        </p>
        {pages.some((page) => page.path === PROFILE) && (
          <Link to={PROFILE} onClick={close}>
            {t('nav.profile')}
          </Link>
        )}
        <button
          type="button"
          className="mk-button"
          data-testid="shell.signOut"
          onClick={() => void leave()}
        >
          {t('signOut')}
        </button>
      </div>
    </>
  )
}
