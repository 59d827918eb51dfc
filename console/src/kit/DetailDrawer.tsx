import './table.css'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'

interface Props {
  title: ReactNode
  children: ReactNode
  onClose: () => void
  /** The next and previous row, by the keys j and k. */
  onNext?: () => void
  onPrevious?: () => void
  actions?: ReactNode
  testId?: string
}

/** The detail beside its list: the list stays usable and keeps its place. */
export function DetailDrawer({
  title,
  children,
  onClose,
  onNext,
  onPrevious,
  actions,
  testId,
}: Props) {
  const { t } = useTranslation('kit')
  const heading = useId()
  const box = useRef<HTMLElement>(null)
  useEffect(() => {
    const from = document.activeElement as HTMLElement | null
    box.current?.focus()
    return () => from?.focus?.()
  }, [])
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const isTyping = (event.target as HTMLElement).matches('input, textarea, select')
      if (isTyping || event.ctrlKey || event.metaKey || document.querySelector('dialog[open]'))
        return
      if (event.key === 'Escape') onClose()
      else if (event.key === 'j') onNext?.()
      else if (event.key === 'k') onPrevious?.()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [onClose, onNext, onPrevious])
  return (
    <aside
      ref={box}
      className="mk-drawer"
      aria-labelledby={heading}
      tabIndex={-1}
      data-testid={testId}
    >
      <div className="mk-drawer-head">
        <h2 id={heading}>{title}</h2>
        {actions}
        <button
          type="button"
          className="mk-button is-icon"
          aria-label={t('close')}
          onClick={onClose}
        >
          ×
        </button>
      </div>
      {children}
    </aside>
  )
}
