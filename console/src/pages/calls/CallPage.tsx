import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Tabs } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { useRight } from '@/app/SessionContext'
import { CopyCurl } from '@/kit/CopyCurl'
import { ErrorBox } from '@/kit/ErrorBox'
import { MaskedNumber } from '@/kit/MaskedNumber'
import { OutcomeChip } from '@/kit/OutcomeChip'
import { PageHead } from '@/kit/PageHead'
import { Skeleton } from '@/kit/Skeleton'
import { IdText, NumberText, TimeText } from '@/kit/Texts'
import { useCodes } from '@/kit/useCodes'
import { useEvents } from '@/kit/useEvents'
import { usePathParam, useUrl } from '@/kit/useUrl'
import './calls.css'
import { type Call, outcomeOf, roles } from './call'
import { Ladder } from './Ladder'
import { StopButton } from './LiveCallsPage'
import { PushesTab } from './PushesTab'
import { RecordingTab } from './RecordingTab'
import { RecordTab } from './RecordTab'
import { StretchBar } from './StretchBar'

/** What happened to this call, who was told, and what to do. */
export default function CallPage() {
  const { t } = useTranslation(['calls', 'kit'])
  const session = usePathParam('session')
  const {
    data: call,
    error,
    refetch,
  } = useQuery({
    queryKey: ['/calls', session],
    queryFn: () => ask<Call>('GET', '/calls/{session_id}', { params: { session_id: session } }),
  })
  if (error) {
    return (
      <>
        <PageHead title={t('call.title')} />
        <ErrorBox error={error} onRetry={() => void refetch()} />
      </>
    )
  }
  if (!call) return <Skeleton rows={10} />
  return <CallDetail call={call} onChange={() => void refetch()} />
}

function CallDetail({ call, onChange }: { call: Call; onChange: () => void }) {
  const { t } = useTranslation('calls')
  const [url, change] = useUrl()
  const mayStop = useRight('call.stop')
  const mayListen = useRight('recording.listen')
  const [beat, setBeat] = useState(0)
  const isLive = !call.ended_at
  const topics = isLive ? [`call:${call.session_id}`] : []
  useEvents(topics, ['call'], () => {
    setBeat((before) => before + 1)
    onChange()
  })
  return (
    <>
      <PageHead
        title={t('call.title')}
        tone={TONES[outcomeOf(call)]}
        verdict={<Verdict call={call} />}
        actions={
          <>
            {isLive && mayStop && <StopButton session={call.session_id} />}
            <CopyCurl
              path="/calls/{session_id}"
              asking={{ params: { session_id: call.session_id } }}
            />
          </>
        }
      />
      <Summary call={call} />
      <StretchBar call={call} />
      <Tabs
        activeKey={url.tab ?? 'ladder'}
        onChange={(tab) => change({ tab }, { replace: true })}
        destroyOnHidden
        items={[
          {
            key: 'ladder',
            label: t('tab.ladder'),
            children: <Ladder session={call.session_id} beat={beat} isLive={isLive} />,
          },
          {
            key: 'pushes',
            label: t('tab.pushes'),
            children: <PushesTab session={call.session_id} beat={beat} />,
          },
          { key: 'record', label: t('tab.record'), children: <RecordTab call={call} /> },
          ...(call.recording && mayListen
            ? [
                {
                  key: 'recording',
                  label: t('tab.recording'),
                  children: <RecordingTab name={call.recording} isLive={isLive} />,
                },
              ]
            : []),
        ]}
      />
    </>
  )
}

const TONES = {
  connected: 'ok',
  live: 'ok',
  unanswered: 'plain',
  refused: 'warn',
  failed: 'bad',
} as const

/** One sentence a person would say, then what to do about it. */
function Verdict({ call }: { call: Call }) {
  const { t } = useTranslation('calls')
  const code = useCodes()('release', call.release_code)
  if (!call.ended_at) return t(`verdictLive.${call.state}`)
  if (call.answered_at) {
    const by = call.hung_up_by ? t(`hungUpBy.${call.hung_up_by}`) : t('hungUpBy.nobody')
    return `${t('verdictTalked', { s: call.talk_time_s ?? 0 })} ${by}`
  }
  return (
    <>
      {code ? code.text : call.release_text}
      {code?.cure && <span className="calls-cure">{code.cure}</span>}
    </>
  )
}

function Summary({ call }: { call: Call }) {
  const { t } = useTranslation('calls')
  const role = roles(call)
  const reveal = (field: string) => ({ kind: 'call', objectId: call.session_id, field })
  return (
    <div className="calls-summary" data-testid="call.summary">
      <OutcomeChip outcome={outcomeOf(call)} code={call.release_code} />
      {call.release_code !== null && call.release_code !== undefined && (
        <Link
          to="/docs/$"
          params={{ _splat: 'codes' }}
          search={{ q: String(call.release_code) } as never}
        >
          {t('call.codeHelp')}
        </Link>
      )}
      {call.q850 !== null && call.q850 !== undefined && <span>Q.850 {call.q850}</span>}
      {call.sip_status !== null && call.sip_status !== undefined && (
        <span>SIP {call.sip_status}</span>
      )}
      <strong>{call.mode.toUpperCase()}</strong>
      <span>
        X <NumberText number={call.x} />
      </span>
      <MaskedNumber masked={call.caller} role={role.caller} reveal={reveal('caller')} />
      <span aria-hidden="true">→</span>
      <MaskedNumber masked={call.callee} role={role.callee} reveal={reveal('callee')} />
      {call.binding_id && (
        <Link to="/bindings/$id" params={{ id: call.binding_id }}>
          {t('call.binding')} <IdText id={call.binding_id} />
        </Link>
      )}
      <Link to="/apps/$key" params={{ key: call.app_key }}>
        {t('call.app')}
      </Link>
      <TimeText at={call.arrived_at} isFine />
      <span>{call.host}</span>
    </div>
  )
}
