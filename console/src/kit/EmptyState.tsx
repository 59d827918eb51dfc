import type { ReactNode } from 'react'

interface Props {
  /** Why there is nothing, or that all is done. */
  title: string
  children?: ReactNode
  /** The one next step. */
  action?: ReactNode
}

export function EmptyState({ title, children, action }: Props) {
  return (
    <div className="mk-empty" data-testid="kit.empty">
      <strong>{title}</strong>
      {children && <div>{children}</div>}
      {action}
    </div>
  )
}
