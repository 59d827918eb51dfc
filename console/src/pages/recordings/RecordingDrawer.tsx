import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { useRight } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { AppName } from '@/kit/AppName'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { DetailDrawer } from '@/kit/DetailDrawer'
import { Fields } from '@/kit/Fields'
import { formatBytes } from '@/kit/format'
import { Player } from '@/kit/Player'
import { DurationText, IdText, TimeText } from '@/kit/Texts'
import type { Recording } from './RecordingsPage'

interface Props {
  recording: Recording
  onClose: () => void
  onNext: () => void
  onPrevious: () => void
}

/** Listen to one recording, see whose it is, delete it for good. */
export function RecordingDrawer({ recording, onClose, ...moves }: Props) {
  const { t } = useTranslation(['recordings', 'kit'])
  const mayListen = useRight('recording.listen')
  const mayDelete = useRight('recording.delete')
  const client = useQueryClient()
  const isKept = recording.state === 'kept'
  const remove = async () => {
    await ask('DELETE', '/recordings/{object_name}', {
      params: { object_name: recording.object_name },
    })
    await client.invalidateQueries({ queryKey: ['/recordings'] })
    toast(t('delete.done'))
    onClose()
  }
  return (
    <DetailDrawer title={t('detail')} testId="recordings.detail" onClose={onClose} {...moves}>
      {!isKept && <p>{t('later')}</p>}
      {isKept && !mayListen && <p>{t('noRight')}</p>}
      {isKept && mayListen && <Player name={recording.object_name} />}
      <Fields
        fields={[
          { label: t('column.start'), value: <TimeText at={recording.started_at} /> },
          { label: t('column.length'), value: <DurationText s={recording.duration_s} /> },
          { label: t('column.size'), value: formatBytes(recording.size) },
          { label: t('column.kept'), value: <TimeText at={recording.expires_at} /> },
          { label: t('kit:app'), value: <AppName appKey={recording.app_key} /> },
          {
            label: t('column.session'),
            wire: 'sessionId',
            value: (
              <>
                <IdText id={recording.session_id} />{' '}
                <Link to="/calls/$session" params={{ session: recording.session_id } as never}>
                  {t('toCall')}
                </Link>
              </>
            ),
          },
          {
            label: t('column.name'),
            wire: 'recordObject',
            value: <IdText id={recording.object_name} isWhole />,
          },
        ]}
      />
      {mayDelete && isKept && (
        <ConfirmButton
          label={t('delete.label')}
          level={3}
          typed={recording.object_name.slice(-4)}
          danger
          effect={<p>{t('delete.effect')}</p>}
          testId="recordings.delete"
          onConfirm={remove}
        />
      )}
    </DetailDrawer>
  )
}
