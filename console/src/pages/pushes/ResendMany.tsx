import { useTranslation } from 'react-i18next'
import type { FormRequests } from '@/api/change'
import { toast } from '@/app/toast'
import { ConfirmButton } from '@/kit/ConfirmButton'
import type { Push } from './push'
import { messagesOf, resend, useRenewPushes } from './useRepair'

interface Props {
  rows: readonly Push[]
  ids: readonly string[]
  onDone: () => void
}

/** One try now of each ticked push, one after the other. */
export function ResendMany({ rows, ids, onDone }: Props) {
  const { t } = useTranslation('pushes')
  const renew = useRenewPushes()
  const messages = messagesOf(rows, ids)
  const run = async ({ send }: FormRequests) => {
    let accepted = 0
    for (const id of messages) {
      if ((await resend(send, id)).accepted) accepted += 1
    }
    await renew()
    onDone()
    toast(t('resend.done', { accepted, count: messages.length }))
  }
  return (
    <ConfirmButton
      label={t('resend.label', { count: messages.length })}
      level={1}
      effect={<p>{t('resend.effect')}</p>}
      disabled={messages.length === 0}
      testId="pushes.resend"
      onConfirm={run}
    />
  )
}
