import { useTranslation } from 'react-i18next'
import type { FormRequests } from '@/api/change'
import { toast } from '@/app/toast'
import { ConfirmButton } from '@/kit/ConfirmButton'
import type { Push } from './push'
import { messagesOf, replay, useRenewPushes } from './useRepair'

interface Props {
  rows: readonly Push[]
  ids: readonly string[]
  onDone: () => void
}

/** Puts the ticked dead letters back on a fresh schedule. */
export function ReplayMany({ rows, ids, onDone }: Props) {
  const { t } = useTranslation('pushes')
  const renew = useRenewPushes()
  const messages = messagesOf(rows, ids)
  const run = async ({ send }: FormRequests) => {
    let replayed = 0
    for (const push_id of messages) replayed += (await replay(send, { push_id })).replayed
    await renew()
    onDone()
    toast(t('replay.done', { count: replayed }))
  }
  return (
    <ConfirmButton
      label={t('replay.label', { count: messages.length })}
      level={messages.length > 1 ? 2 : 1}
      effect={<p>{t('replay.effect')}</p>}
      disabled={messages.length === 0}
      testId="pushes.replay"
      onConfirm={run}
    />
  )
}
