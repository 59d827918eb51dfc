import { useTranslation } from 'react-i18next'

export const OUTCOMES = ['connected', 'unanswered', 'refused', 'failed', 'live'] as const
export type Outcome = (typeof OUTCOMES)[number]

const SHAPES: Record<Outcome, React.ReactNode> = {
  connected: (
    <>
      <circle cx="8" cy="8" r="7" fill="currentColor" />
      <path d="M4.8 8.2l2.2 2.3 4.2-4.6" fill="none" stroke="var(--mk-surface)" strokeWidth="1.8" />
    </>
  ),
  unanswered: <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="2" />,
  refused: (
    <>
      <path d="M5 1h6l4 4v6l-4 4H5l-4-4V5z" fill="currentColor" />
      <path d="M4.5 8h7" stroke="var(--mk-surface)" strokeWidth="2" />
    </>
  ),
  failed: (
    <>
      <path d="M8 1l7.5 14H.5z" fill="currentColor" />
      <path d="M6 8l4 4.4M10 8l-4 4.4" stroke="var(--mk-surface)" strokeWidth="1.6" />
    </>
  ),
  live: (
    <>
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="2" />
      <circle className="mk-live-dot" cx="8" cy="8" r="2.5" fill="currentColor" />
    </>
  ),
}

/** How a call went, as one of five classes: shape, word and colour. */
export function OutcomeChip({
  outcome,
  code,
}: {
  outcome: Outcome
  code?: string | number | null
}) {
  const { t } = useTranslation('kit')
  return (
    <span className={`mk-outcome is-${outcome}`} data-outcome={outcome}>
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        {SHAPES[outcome]}
      </svg>
      {t(`outcome.${outcome}`)}
      {code !== undefined && code !== null && <code>{code}</code>}
    </span>
  )
}
