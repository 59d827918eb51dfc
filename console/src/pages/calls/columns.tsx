import AudioOutlined from '@ant-design/icons/AudioOutlined'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Column } from '@/kit/columns'
import { MaskedNumber } from '@/kit/MaskedNumber'
import { OutcomeChip } from '@/kit/OutcomeChip'
import { DurationText, IdText, NONE, NumberText, TimeText } from '@/kit/Texts'
import { type Call, outcomeOf, roles, stretches } from './call'

/** The columns of calls that have ended. */
export function useCallColumns(): Column<Call>[] {
  const { t } = useTranslation('calls')
  return useMemo(
    () => [
      {
        key: 'arrived_at',
        title: t('column.start'),
        render: (call) => <TimeText at={call.arrived_at} />,
        isFixed: true,
        width: '19ch',
      },
      {
        key: 'outcome',
        title: t('column.outcome'),
        render: (call) => <OutcomeChip outcome={outcomeOf(call)} code={call.release_code} />,
        isFixed: true,
      },
      { key: 'mode', title: t('column.mode'), render: (call) => call.mode.toUpperCase() },
      {
        key: 'caller',
        title: t('column.caller'),
        render: (call) => <MaskedNumber masked={call.caller} role={roles(call).caller} />,
      },
      { key: 'x', title: 'X', render: (call) => <NumberText number={call.x} /> },
      {
        key: 'callee',
        title: t('column.callee'),
        render: (call) => <MaskedNumber masked={call.callee} role={roles(call).callee} />,
      },
      {
        key: 'set_up',
        title: t('column.setUp'),
        render: (call) => <DurationText ms={stretches(call).setUp} />,
        align: 'end',
      },
      {
        key: 'ringing',
        title: t('column.ringing'),
        render: (call) => <DurationText ms={stretches(call).ringing} />,
        align: 'end',
      },
      {
        key: 'talk',
        title: t('column.talk'),
        render: (call) => <DurationText s={call.answered_at ? call.talk_time_s : null} />,
        align: 'end',
      },
      {
        key: 'recording',
        title: t('column.recording'),
        render: (call) =>
          call.recording ? <AudioOutlined aria-label={t('column.recorded')} /> : NONE,
      },
      {
        key: 'app',
        title: t('column.app'),
        render: (call) => <IdText id={call.app_key} />,
        isExtra: true,
      },
      {
        key: 'session',
        title: t('column.session'),
        render: (call) => <IdText id={call.session_id} />,
        isExtra: true,
      },
    ],
    [t],
  )
}
