import { Outlet, useRouterState } from '@tanstack/react-router'
import { Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Skeleton } from '@/kit/Skeleton'
import { Header } from './Header'
import { Nav } from './Nav'
import { Toasts } from './toast'
import { UnsavedGuard } from './UnsavedGuard'

/** What stands around every page. */
export function Shell() {
  const { t } = useTranslation('shell')
  const main = useRef<HTMLElement>(null)
  const [isNavOpen, setNavOpen] = useState(false)
  const path = useRouterState({ select: (state) => state.location.pathname })
  const isKiosk = useRouterState({ select: (state) => 'kiosk' in state.location.search })
  const isFirst = useRef(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new path is what it is about
  useEffect(() => {
    setNavOpen(false)
    if (isFirst.current) isFirst.current = false
    else main.current?.focus({ preventScroll: true })
  }, [path])
  if (isKiosk) {
    return (
      <main className="mk-main is-kiosk">
        <Outlet />
      </main>
    )
  }
  return (
    <div className="mk-shell">
      <a className="mk-skip" href="#main">
        {t('skip')}
      </a>
      <Header isNavOpen={isNavOpen} onNav={() => setNavOpen(!isNavOpen)} />
      <Nav isOpen={isNavOpen} />
      <main className="mk-main" id="main" ref={main} tabIndex={-1}>
        <Suspense fallback={<Skeleton />}>
          <Outlet />
        </Suspense>
      </main>
      <Toasts />
      <UnsavedGuard />
    </div>
  )
}
