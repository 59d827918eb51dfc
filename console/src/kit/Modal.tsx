import { type ReactNode, type RefObject, useEffect, useId, useRef } from 'react'
import { createPortal } from 'react-dom'

interface Props {
  title: string
  children: ReactNode
  /** Without it Escape does nothing. */
  onEscape?: () => void
  box?: RefObject<HTMLDialogElement | null>
  testId?: string
}

/** A modal of the browser's own: it keeps the focus inside and gives it back. */
export function Modal({ title, children, onEscape, box, testId }: Props) {
  const own = useRef<HTMLDialogElement>(null)
  const dialog = box ?? own
  const heading = useId()
  useEffect(() => {
    const shown = dialog.current
    if (shown && !shown.open) shown.showModal()
    return () => shown?.close()
  }, [dialog])
  return createPortal(
    <dialog
      ref={dialog}
      className="mk-dialog"
      aria-labelledby={heading}
      data-testid={testId}
      onCancel={(event) => {
        // Choosing no file is a cancel too, of its input.
        if (event.target !== event.currentTarget) return
        event.preventDefault()
        onEscape?.()
      }}
    >
      <h2 id={heading}>{title}</h2>
      {children}
    </dialog>,
    document.body,
  )
}
