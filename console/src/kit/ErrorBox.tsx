import { useTranslation } from 'react-i18next'
import { ChangedMeanwhile, StillChecking } from '@/api/change'
import { ApiError } from '@/api/error'
import { Clashes } from './Clashes'
import { CopyButton } from './CopyButton'
import { messageOf } from './errorText'

interface Props {
  error: unknown
  /** What was being done, as a sentence; above the reason. */
  title?: string
  onRetry?: () => void
}

/** Why something could not be shown or done: sentence, code, hint, and another try. */
export function ErrorBox({ error, title, onRetry }: Props) {
  const { t } = useTranslation('kit')
  const known = error instanceof ApiError ? error : null
  if (error instanceof StillChecking) {
    return (
      <p className="mk-checking" role="status" data-testid="kit.checking">
        {messageOf(error, t)}
      </p>
    )
  }
  return (
    <div className="mk-error" role="alert" data-testid="kit.error">
      {title && <strong>{title}</strong>}
      <p>{messageOf(error, t)}</p>
      {error instanceof ChangedMeanwhile && <Clashes clashes={error.clashes} />}
      {known?.hint && <p>{known.hint}</p>}
      {known && (
        <p className="mk-quiet">
          <code>{known.code}</code> · HTTP {known.status}
          {known.field && (
            <>
              {' · '}
              <code>{known.field}</code>
            </>
          )}
          {known.traceId && (
            <>
              {' · '}
              <code>{known.traceId}</code> <CopyButton text={known.traceId} />
            </>
          )}
        </p>
      )}
      {onRetry && (
        <button type="button" className="mk-button" onClick={onRetry}>
          {t('retry')}
        </button>
      )}
    </div>
  )
}
