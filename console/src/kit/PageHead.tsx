import { type ReactNode, useEffect } from 'react'

interface Props {
  title: string
  /** What a person would say about what the page shows, in one sentence; the first thing on it. */
  verdict?: ReactNode
  tone?: 'ok' | 'warn' | 'bad' | 'unknown' | 'plain'
  actions?: ReactNode
}

export function PageHead({ title, verdict, tone = 'plain', actions }: Props) {
  useEffect(() => {
    document.title = `${title} · maskline`
  }, [title])
  return (
    <div className="mk-page-head">
      <div>
        <h1>{title}</h1>
        {verdict && (
          <p className={`mk-verdict is-${tone}`} role="status" data-testid="page.verdict">
            {verdict}
          </p>
        )}
      </div>
      {actions && <div className="mk-actions">{actions}</div>}
    </div>
  )
}
