import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { AppName } from '@/kit/AppName'
import { DetailDrawer } from '@/kit/DetailDrawer'
import { ErrorBox } from '@/kit/ErrorBox'
import { Fields } from '@/kit/Fields'
import { MaskedNumber } from '@/kit/MaskedNumber'
import { Skeleton } from '@/kit/Skeleton'
import { IdText, NONE, NumberText, TimeText } from '@/kit/Texts'
import { useCodes } from '@/kit/useCodes'
import { MessageResult, receiverRole, senderRole } from './columns'
import type { Message } from './message'
import { SealedText } from './SealedText'

interface Props {
  id: string
  onClose: () => void
  onNext: () => void
  onPrevious: () => void
}

/** One message: how it ended and why, its parts, and its sealed text. */
export function MessageDrawer({ id, ...moves }: Props) {
  const { t } = useTranslation('messages')
  const { data, error, refetch } = useQuery({
    queryKey: ['/messages', id],
    queryFn: () => ask<Message>('GET', '/messages/{message_id}', { params: { message_id: id } }),
  })
  return (
    <DetailDrawer title={t('detail')} testId="messages.detail" {...moves}>
      {error !== null && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <Skeleton rows={8} />}
      {data && <Detail message={data} />}
    </DetailDrawer>
  )
}

function Detail({ message }: { message: Message }) {
  const { t } = useTranslation(['messages', 'kit'])
  const code = useCodes()('message', message.result_code)
  const reveal = (field: string) => ({ kind: 'message', objectId: message.message_id, field })
  return (
    <>
      <p>
        <MessageResult message={message} />
      </p>
      {code && code.code !== '0' && (
        <p>
          {code.text} {code.cure}
        </p>
      )}
      <Fields
        fields={[
          {
            label: t('column.sender'),
            wire: 'calling',
            value: (
              <MaskedNumber
                masked={message.sender}
                role={senderRole(message)}
                reveal={reveal('sender')}
              />
            ),
          },
          { label: 'X', value: <NumberText number={message.x} /> },
          {
            label: t('column.receiver'),
            wire: 'called',
            value: (
              <MaskedNumber
                masked={message.receiver}
                role={receiverRole(message)}
                reveal={message.receiver ? reveal('receiver') : undefined}
              />
            ),
          },
          { label: t('text'), value: <SealedText message={message} field="text" /> },
          { label: t('outgoing'), value: <SealedText message={message} field="outgoing" /> },
          { label: t('column.mode'), value: message.mode.toUpperCase() },
          { label: t('kit:app'), value: <AppName appKey={message.app_key} /> },
          {
            label: t('binding'),
            value: message.binding_id ? (
              <Link to="/bindings/$id" params={{ id: message.binding_id } as never}>
                <IdText id={message.binding_id} />
              </Link>
            ) : (
              NONE
            ),
          },
          { label: t('column.time'), value: <TimeText at={message.came_at} isFine /> },
          { label: t('done'), value: <TimeText at={message.done_at} isFine /> },
          { label: t('link'), value: message.link },
          { label: t('column.pieces'), value: t('pieces', { ...message }) },
          {
            label: t('column.id'),
            wire: 'smsIdentifier',
            value: <IdText id={message.message_id} isWhole />,
          },
        ]}
      />
      <Parts message={message} />
    </>
  )
}

function Parts({ message }: { message: Message }) {
  const { t } = useTranslation('messages')
  if (!message.parts?.length) return null
  return (
    <table className="mk-plain-table">
      <caption>{t('parts')}</caption>
      <thead>
        <tr>
          {(['number', 'partState', 'status', 'tries', 'changed'] as const).map((head) => (
            <th key={head} scope="col">
              {t(`part.${head}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {message.parts.map((part) => (
          <tr key={part.number}>
            <td>{part.number}</td>
            <td>{t(`partState.${part.state}`, { defaultValue: part.state })}</td>
            <td>{part.status}</td>
            <td>{part.tries}</td>
            <td>
              <TimeText at={part.changed_at} isFine />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
