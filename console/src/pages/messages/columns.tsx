import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { AppName } from '@/kit/AppName'
import type { Column } from '@/kit/columns'
import { MaskedNumber } from '@/kit/MaskedNumber'
import { StateTag } from '@/kit/StateTag'
import { IdText, NumberText, TimeText } from '@/kit/Texts'
import { type Message, toneOf } from './message'

/** How it went: the result once there is one, else what happens next. */
export function MessageResult({ message }: { message: Message }) {
  const { t } = useTranslation('messages')
  const { result, result_code, state } = message
  return (
    <StateTag tone={toneOf(message)}>
      {result ? t(`result.${result}`) : t(`state.${state}`)}
      {result_code !== null && <code> {result_code}</code>}
    </StateTag>
  )
}

/** Who sent it and who got it: A or B of the binding. */
export function senderRole({ sender_role }: Message): 'A' | 'B' | undefined {
  return sender_role ?? undefined
}

export function receiverRole({ sender_role }: Message): 'A' | 'B' | undefined {
  return sender_role ? (sender_role === 'A' ? 'B' : 'A') : undefined
}

export function useMessageColumns(): Column<Message>[] {
  const { t } = useTranslation(['messages', 'kit'])
  return useMemo(
    () => [
      {
        key: 'came_at',
        title: t('column.time'),
        render: (one) => <TimeText at={one.came_at} />,
        isFixed: true,
        width: '19ch',
      },
      {
        key: 'result',
        title: t('column.result'),
        render: (one) => <MessageResult message={one} />,
        isFixed: true,
      },
      { key: 'mode', title: t('column.mode'), render: (one) => one.mode.toUpperCase() },
      {
        key: 'sender',
        title: t('column.sender'),
        render: (one) => <MaskedNumber masked={one.sender} role={senderRole(one)} />,
      },
      { key: 'x', title: 'X', render: (one) => <NumberText number={one.x} /> },
      {
        key: 'receiver',
        title: t('column.receiver'),
        render: (one) => <MaskedNumber masked={one.receiver} role={receiverRole(one)} />,
      },
      {
        key: 'pieces',
        title: t('column.pieces'),
        render: (one) => `${one.delivered} / ${one.sent} / ${one.total}`,
        align: 'end',
      },
      { key: 'app', title: t('kit:app'), render: (one) => <AppName appKey={one.app_key} /> },
      {
        key: 'id',
        title: t('column.id'),
        render: (one) => <IdText id={one.message_id} />,
        isExtra: true,
      },
    ],
    [t],
  )
}
