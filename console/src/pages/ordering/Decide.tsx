import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toast } from '@/app/toast'
import { ErrorBox } from '@/kit/ErrorBox'
import { useAction } from '@/kit/useAction'

interface Props {
  /** Where the verbs `approve` and `reject` are. */
  path: string
  params: Record<string, string>
  /** What was looked at: nothing else is decided on. */
  revision: number
  reasons: readonly string[]
  /** Whether a rejection may say that the business is prohibited. */
  canProhibit?: boolean
  approve: string
  onDecided: () => Promise<unknown>
}

/** Approve, or reject for a reason out of a list, in words, or both. */
export function Decide({
  path,
  params,
  revision,
  reasons,
  canProhibit = false,
  approve,
  onDecided,
}: Props) {
  const { t } = useTranslation('ordering')
  const [reason, setReason] = useState('')
  const { isBusy, error, act, form } = useAction()
  const decide = (verb: 'approve' | 'reject', more: Record<string, unknown> = {}) =>
    act(async ({ send }) => {
      await send('POST', `${path}/${verb}`, { params, body: { revision, ...more } })
      toast(t(`done.${verb}`))
      await onDecided()
    })
  const reject = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const chosen = reason ? t(`why.${reason}`) : ''
    const text = [chosen, String(given.get('text')).trim()].filter(Boolean).join(' · ')
    const prohibited = canProhibit ? { is_prohibited: given.get('is_prohibited') === 'on' } : {}
    void decide('reject', { reason: text, ...prohibited })
  }
  return (
    <div className="ordering-decide">
      {error !== null && <ErrorBox error={error} />}
      <button
        type="button"
        className="mk-button is-primary"
        disabled={isBusy}
        data-testid="reviews.approve"
        onClick={() => void decide('approve')}
      >
        {approve}
      </button>
      <form ref={form} className="mk-form ordering-decide" onSubmit={reject}>
        <label>
          {t('review.why')}
          <select
            value={reason}
            data-testid="reviews.reason"
            onChange={(event) => setReason(event.target.value)}
          >
            <option value="">{t('why.words')}</option>
            {reasons.map((one) => (
              <option key={one} value={one}>
                {t(`why.${one}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('review.text')}
          <input name="text" maxLength={180} required={reason === ''} />
        </label>
        {canProhibit && (
          <label className="ordering-check">
            <input type="checkbox" name="is_prohibited" />
            {t('review.prohibited')}
          </label>
        )}
        <div>
          <button
            type="submit"
            className="mk-button"
            disabled={isBusy}
            data-testid="reviews.reject"
          >
            {t('review.reject')}
          </button>
        </div>
      </form>
    </div>
  )
}
