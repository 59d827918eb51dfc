import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { ConfirmButton } from '@/kit/ConfirmButton'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import { MaskedNumber } from '@/kit/MaskedNumber'
import { PageHead } from '@/kit/PageHead'
import { StateTag } from '@/kit/StateTag'
import { IdText, NumberText, TimeText } from '@/kit/Texts'
import { useList } from '@/kit/useList'
import { type Call, roles } from './call'

const EVERY_MS = 2_000
const STALE_MS = 15_000

/** Who is talking now, and ending a call. */
export default function LiveCallsPage() {
  const { t } = useTranslation('calls')
  const list = useList<Call>('/calls', {}, { everyMs: EVERY_MS })
  const isStale = list.at > 0 && Date.now() - list.at > STALE_MS
  const count = list.rows?.length ?? 0
  const columns = useLiveColumns()
  return (
    <>
      <PageHead
        title={t('live.title')}
        tone={isStale ? 'unknown' : 'plain'}
        verdict={
          isStale
            ? t('live.unknown')
            : list.rows && t(list.hasNext ? 'live.more' : 'live.count', { count })
        }
      />
      <DataTable
        id="calls.live"
        caption={t('live.caption')}
        columns={columns}
        list={list}
        rowId={(call) => call.session_id}
        empty={<EmptyState title={t('live.empty')} />}
      />
    </>
  )
}

function useLiveColumns(): Column<Call>[] {
  const { t } = useTranslation('calls')
  const mayStop = useRight('call.stop')
  return useMemo(() => {
    const columns: Column<Call>[] = [
      {
        key: 'state',
        title: t('column.state'),
        render: (call) => <StateTag>{t(`state.${call.state}`)}</StateTag>,
        isFixed: true,
      },
      {
        key: 'arrived_at',
        title: t('column.since'),
        render: (call) => <TimeText at={call.answered_at ?? call.arrived_at} />,
      },
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
      { key: 'host', title: t('column.worker'), render: (call) => call.host },
      {
        key: 'session',
        title: t('column.session'),
        render: (call) => (
          <Link to="/calls/$session" params={{ session: call.session_id }}>
            <IdText id={call.session_id} />
          </Link>
        ),
      },
    ]
    if (!mayStop) return columns
    return [
      ...columns,
      {
        key: 'stop',
        title: t('column.action'),
        render: (call) => <StopButton session={call.session_id} size="small" />,
        isFixed: true,
      },
    ]
  }, [t, mayStop])
}

/** Hang up a live call for both parties. */
export function StopButton({ session, size }: { session: string; size?: 'small' }) {
  const { t } = useTranslation('calls')
  const client = useQueryClient()
  return (
    <ConfirmButton
      label={t('stop.label')}
      level={2}
      danger
      size={size}
      effect={t('stop.effect')}
      testId="call.stop"
      onConfirm={async ({ send }) => {
        await send('POST', '/calls/{session_id}/stop', { params: { session_id: session } })
        toast(t('stop.done'))
        await client.invalidateQueries({ queryKey: ['/calls'] })
      }}
    />
  )
}
