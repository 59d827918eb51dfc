import { useQuery } from '@tanstack/react-query'
import { Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { AfterPanel } from './AfterPanel'
import { BreakPanel } from './BreakPanel'
import { CodePanel } from './CodePanel'
import { Guide } from './Guide'
import { ListenButton } from './ListenButton'
import { LivePanel } from './LivePanel'
import { type Mode, part, ROLES, type Run, type RunEvent, stepsDone } from './model'
import { PhoneCard } from './PhoneCard'
import { ReceiverPanel } from './ReceiverPanel'
import { useRunEvents } from './useRun'

interface Props {
  run: Run
  mode: Mode
  mayRecord: boolean
  onUsed: () => unknown
}

/** Everything of a run at one look: the way through, code, phones, what happens. */
export function RunView({ run, mode, mayRecord, onUsed }: Props) {
  const { t } = useTranslation('sandbox')
  const { events, isCut } = useRunEvents(run.run_id, onUsed)
  const [isBroken, setBroken] = useState(false)
  const [hasThird, setThird] = useState(false)
  const [asked, setAsked] = useState('')
  const first = useFirstNumber(run.app_key)
  const x = asked || boundNumber(events, mode) || first
  const binds = events.filter((event) => event.detail.operation === 'bind').length
  const isShown = (id: string, state: string) => id !== 'c' || hasThird || state !== 'idle'
  return (
    <>
      <Guide mode={mode} x={x} events={events} done={stepsDone(events, mode, isBroken)} />
      <div className="sandbox-desk">
        <div>
          <div className="sandbox-row">
            <ListenButton key={run.run_id} runId={run.run_id} />
            <div className="sandbox-row">
              <Switch
                size="small"
                checked={hasThird}
                onChange={setThird}
                aria-label={t('third')}
                data-testid="sandbox.third"
              />
              {t('third')}
            </div>
          </div>
          <div className="sandbox-phones">
            {run.phones
              .filter((phone) => isShown(phone.phone_id, phone.state))
              .map((phone) => (
                <PhoneCard
                  key={phone.phone_id}
                  run={run}
                  phone={phone}
                  suggested={x}
                  onUsed={onUsed}
                />
              ))}
          </div>
          <CodePanel
            appKey={run.app_key}
            known={`${run.run_id} ${binds}`}
            mayRecord={mayRecord}
            canRun
            onRun={({ params }) => {
              const number = ROLES[mode].dials.map((name) => params[name])[0]
              if (typeof number === 'string') setAsked(number)
            }}
          />
        </div>
        <div>
          <LivePanel events={events} isCut={isCut} />
          <AfterPanel events={events} />
          <ReceiverPanel run={run} onChange={onUsed} />
        </div>
      </div>
      <BreakPanel run={run} mode={mode} x={x} events={events} onBroken={() => setBroken(true)} />
    </>
  )
}

/** The virtual number of the last bind. */
function boundNumber(events: readonly RunEvent[], mode: Mode): string | undefined {
  const binds = events.filter((event) => event.detail.operation === 'bind').reverse()
  for (const event of binds) {
    for (const name of ROLES[mode].dials) {
      const number = part(event.detail.answer, name)
      if (typeof number === 'string') return number
    }
  }
  return undefined
}

/** The application's first virtual number: what is dialled before anything was bound. */
function useFirstNumber(appKey: string): string {
  const { data } = useQuery({
    queryKey: ['/numbers', 'sandbox', appKey],
    queryFn: () =>
      ask<{ items: { number: string }[] }>('GET', '/numbers', {
        query: { app_key: appKey, limit: 1 },
      }),
  })
  return data?.items[0]?.number ?? ''
}
