import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { CancelButton, Dialog } from './Dialog'
import { ErrorBox } from './ErrorBox'

/** What a revealed value belongs to, as POST /reveals names it. */
export interface RevealTarget {
  kind: string
  objectId: string
  field: string
}

const REASONS = ['complaint', 'fraud', 'request', 'fault', 'authority'] as const
const NOTE_NEEDED: readonly string[] = ['fault', 'authority']

interface Props {
  target: RevealTarget
  onClose: () => void
  onShown: (value: string, forS: number) => void
}

/** Asks for the reason, which the audit log keeps; the value itself is kept nowhere. */
export function RevealDialog({ target, onClose, onShown }: Props) {
  const { t } = useTranslation('kit')
  const [reason, setReason] = useState<string>(REASONS[0])
  const [error, setError] = useState<unknown>(null)
  const submit = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const note = String(new FormData(event.currentTarget).get('note') ?? '')
    try {
      const answer = await ask<{ value: string; expires_in_s: number }>('POST', '/reveals', {
        body: { kind: target.kind, object_id: target.objectId, field: target.field, reason, note },
      })
      onShown(answer.value, answer.expires_in_s)
    } catch (refused) {
      setError(refused)
    }
  }
  return (
    <Dialog title={t('reveal.title')} onClose={onClose} testId="kit.reveal">
      <form className="mk-form" onSubmit={(event) => void submit(event)}>
        <p>{t('reveal.text')}</p>
        <label>
          {t('reveal.reason')}
          <select value={reason} onChange={(event) => setReason(event.target.value)}>
            {REASONS.map((one) => (
              <option key={one} value={one}>
                {t(`reveal.${one}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('reveal.note')}
          <input name="note" maxLength={200} required={NOTE_NEEDED.includes(reason)} />
        </label>
        {error !== null && <ErrorBox error={error} />}
        <div className="mk-actions">
          <CancelButton />
          <button type="submit" className="mk-button is-primary">
            {t('reveal.show')}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
