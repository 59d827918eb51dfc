import { useTranslation } from 'react-i18next'
import { Fields } from '@/kit/Fields'
import { JsonBlock } from '@/kit/JsonBlock'
import { MaskedNumber } from '@/kit/MaskedNumber'
import { DurationText, IdText, NONE, NumberText, TimeText } from '@/kit/Texts'
import { useCodes } from '@/kit/useCodes'
import { type Call, roles } from './call'

/** Every field of the record, with its name on the wire and what a code in it means. */
export function RecordTab({ call }: { call: Call }) {
  const { t } = useTranslation('calls')
  const code = useCodes()('release', call.release_code)
  const role = roles(call)
  return (
    <>
      <Fields
        fields={[
          {
            label: t('column.session'),
            wire: 'sessionId',
            value: <IdText id={call.session_id} isWhole />,
          },
          { label: t('column.icid'), wire: 'icid', value: <IdText id={call.icid} /> },
          {
            label: t('column.start'),
            wire: 'callInTime',
            value: <TimeText at={call.arrived_at} />,
          },
          {
            label: t('column.forwarded'),
            wire: 'fwdStartTime',
            value: <TimeText at={call.forwarded_at} />,
          },
          {
            label: t('column.alerted'),
            wire: 'fwdAlertingTime',
            value: <TimeText at={call.alerted_at} />,
          },
          {
            label: t('column.answered'),
            wire: 'fwdAnswerTime',
            value: <TimeText at={call.answered_at} />,
          },
          { label: t('column.ended'), wire: 'callEndTime', value: <TimeText at={call.ended_at} /> },
          {
            label: t('column.caller'),
            wire: 'callerNum',
            value: <MaskedNumber masked={call.caller} role={role.caller} />,
          },
          { label: 'X', wire: 'bindNum', value: <NumberText number={call.x} /> },
          {
            label: t('column.callee'),
            wire: 'calleeNum',
            value: <MaskedNumber masked={call.callee} role={role.callee} />,
          },
          {
            label: t('column.binding'),
            wire: 'subscriptionId',
            value: <IdText id={call.binding_id} isWhole />,
          },
          { label: t('column.talk'), value: <DurationText s={call.talk_time_s} /> },
          {
            label: t('column.code'),
            wire: 'ulFailReason',
            value: call.release_code
              ? `${call.release_code} ${code?.text ?? call.release_text ?? ''}`
              : (call.release_code ?? NONE),
          },
          { label: t('column.cure'), value: code?.cure ?? NONE },
          { label: 'SIP', wire: 'sipStatusCode', value: call.sip_status ?? NONE },
          { label: 'Q.850', value: call.q850 ?? NONE },
          { label: t('column.recordedFor'), value: <DurationText s={call.recorded_s} /> },
          { label: t('column.worker'), wire: 'hostName', value: call.host },
        ]}
      />
      <details>
        <summary>{t('record.json')}</summary>
        <JsonBlock value={call} />
      </details>
    </>
  )
}
