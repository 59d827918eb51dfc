import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { ErrorBox } from '@/kit/ErrorBox'
import { useAction } from '@/kit/useAction'
import type { Complaint } from './conduct'
import { NewDialog } from './NewDialog'

/** Uphold or dismiss; what was upheld leads on to a violation. */
export function DecideComplaint({ complaint }: { complaint: Complaint }) {
  const { t } = useTranslation('conduct')
  const client = useQueryClient()
  const mayWrite = useRight('complaint.write')
  const { isBusy, error, act, form } = useAction()
  const [isRecording, setRecording] = useState(false)
  if (!mayWrite || complaint.state === 'dismissed') return null
  if (complaint.state === 'upheld')
    return (
      <>
        <Button type="primary" onClick={() => setRecording(true)}>
          {t('violation.add')}
        </Button>
        {isRecording && (
          <NewDialog
            about="violation"
            complaintId={complaint.complaint_id}
            onClose={() => setRecording(false)}
          />
        )}
      </>
    )
  const decide = (event: SyntheticEvent<HTMLFormElement, SubmitEvent>) => {
    event.preventDefault()
    const reason = String(new FormData(event.currentTarget).get('reason')).trim()
    const isUpheld = event.nativeEvent.submitter?.getAttribute('value') === 'upheld'
    void act(async ({ send }) => {
      await send('POST', '/complaints/{complaint_id}/decision', {
        params: { complaint_id: complaint.complaint_id },
        body: { is_upheld: isUpheld, reason },
      })
      await client.invalidateQueries({ queryKey: ['/complaints'] })
      toast(t('complaint.decided'))
    })
  }
  return (
    <form ref={form} className="mk-form conduct-decide" onSubmit={decide}>
      <label>
        {t('reasonRead')}
        <input name="reason" maxLength={256} required data-testid="conduct.reason" />
      </label>
      {error !== null && <ErrorBox error={error} />}
      <div className="mk-actions">
        <button
          type="submit"
          value="upheld"
          className="mk-button is-primary"
          disabled={isBusy}
          data-testid="conduct.uphold"
        >
          {t('complaint.uphold')}
        </button>
        <button type="submit" value="dismissed" className="mk-button" disabled={isBusy}>
          {t('complaint.dismiss')}
        </button>
      </div>
    </form>
  )
}
