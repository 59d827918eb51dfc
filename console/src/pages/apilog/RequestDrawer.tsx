import { useTranslation } from 'react-i18next'
import { AppName } from '@/kit/AppName'
import { DetailDrawer } from '@/kit/DetailDrawer'
import { Fields } from '@/kit/Fields'
import { JsonBlock } from '@/kit/JsonBlock'
import { DurationText, IdText, TimeText } from '@/kit/Texts'
import { useCodes } from '@/kit/useCodes'
import type { FailedRequest } from './ApiLogPage'

interface Props {
  request: FailedRequest
  onClose: () => void
  onNext: () => void
  onPrevious: () => void
}

/** One failed request: why, what to do, what was sent and answered. */
export function RequestDrawer({ request, ...moves }: Props) {
  const { t } = useTranslation(['apilog', 'kit'])
  const code = useCodes()('result', request.code)
  return (
    <DetailDrawer
      title={
        <>
          {code?.text ?? t('failed')} <code>{request.code}</code>
        </>
      }
      testId="apilog.detail"
      {...moves}
    >
      {code && (
        <>
          <p>{code.text}</p>
          <p>
            <strong>{t('cure')}</strong> {code.cure}
          </p>
        </>
      )}
      <Fields
        fields={[
          { label: t('column.time'), value: <TimeText at={request.at} isFine /> },
          { label: t('column.operation'), value: <code>{request.operation}</code> },
          {
            label: t('column.request'),
            value: (
              <code>
                {request.method} {request.path}
              </code>
            ),
          },
          { label: 'HTTP', value: request.status },
          { label: t('kit:app'), value: <AppName appKey={request.app_key} /> },
          { label: t('column.address'), value: <code>{request.address}</code> },
          { label: t('column.agent'), value: <code>{request.agent}</code> },
          { label: t('column.took'), value: <DurationText ms={request.took_ms} /> },
          { label: t('kit:id'), value: <IdText id={request.request_id} /> },
        ]}
      />
      <p className="mk-quiet">{t('hidden')}</p>
      {request.body && <JsonBlock value={request.body} label={t('body')} />}
      {request.answer && <JsonBlock value={request.answer} label={t('answer')} />}
    </DetailDrawer>
  )
}
