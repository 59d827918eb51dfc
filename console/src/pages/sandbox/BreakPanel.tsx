import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { ErrorBox } from '@/kit/ErrorBox'
import { StateTag } from '@/kit/StateTag'
import { play, proofOf, putBack } from './breaking'
import type { Exchange, Mode, Run, RunEvent, Scenario } from './model'

const PATIENCE_MS = 30_000
const SLOW_PATIENCE_MS = 120_000

interface Props {
  run: Run
  mode: Mode
  x: string
  events: readonly RunEvent[]
  onBroken: () => void
}

/** Ways to break it: each says what to expect, does it, and shows what came. */
export function BreakPanel({ run, mode, x, events, onBroken }: Props) {
  const { t } = useTranslation('sandbox')
  const [running, setRunning] = useState<string | null>(null)
  const { data, error } = useQuery({
    queryKey: ['/sandbox/scenarios', mode],
    queryFn: () => ask<{ items: Scenario[] }>('GET', '/sandbox/scenarios', { query: { mode } }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <section className="mk-card" aria-label={t('break.title')} data-testid="sandbox.break">
      <h2>{t('break.title')}</h2>
      <p className="mk-quiet">{t('break.what')}</p>
      {error && <ErrorBox error={error} />}
      <ul className="sandbox-scenarios">
        {data?.items.map((scenario) => (
          <ScenarioRow
            key={`${run.run_id} ${scenario.id}`}
            scenario={scenario}
            run={run}
            x={x}
            events={events}
            isBlocked={running !== null && running !== scenario.id}
            onRunning={(isOn) => {
              setRunning(isOn ? scenario.id : null)
              if (isOn) onBroken()
            }}
          />
        ))}
      </ul>
    </section>
  )
}

interface RowProps {
  scenario: Scenario
  run: Run
  x: string
  events: readonly RunEvent[]
  isBlocked: boolean
  onRunning: (isOn: boolean) => void
}

type State = 'new' | 'doing' | 'waiting' | 'seen' | 'unseen'
const TONES = {
  new: 'plain',
  doing: 'plain',
  waiting: 'plain',
  seen: 'ok',
  unseen: 'warn',
} as const

function ScenarioRow({ scenario, run, x, events, isBlocked, onRunning }: RowProps) {
  const { t, i18n } = useTranslation('sandbox')
  const language = i18n.language.startsWith('zh') ? 'zh' : 'en'
  const [state, setState] = useState<State>('new')
  const [sent, setSent] = useState<Exchange | null>(null)
  const [from, setFrom] = useState(0)
  const [error, setError] = useState<unknown>(null)
  const before = useRef(run)
  const since = events.filter((event) => event.sequence > from)
  const proof = state === 'new' ? undefined : proofOf(scenario, sent, since)
  const isOver = state === 'waiting' && proof !== undefined
  const finish = async (end: State) => {
    setState(end)
    await putBack(before.current).catch(setError)
    onRunning(false)
  }
  const start = async () => {
    before.current = run
    setFrom(events.at(-1)?.sequence ?? 0)
    setSent(null)
    setError(null)
    setState('doing')
    onRunning(true)
    try {
      setSent(await play(scenario, run, x))
      setState('waiting')
    } catch (refused) {
      setError(refused)
      await finish('new')
    }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the proof is there
  useEffect(() => {
    if (isOver) void finish('seen')
  }, [isOver])
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs while it waits
  useEffect(() => {
    if (state !== 'waiting') return
    const patience = scenario.is_slow ? SLOW_PATIENCE_MS : PATIENCE_MS
    const timer = window.setTimeout(() => void finish('unseen'), patience)
    return () => window.clearTimeout(timer)
  }, [state])
  const isClosed = scenario.needs_receiver && run.receiver.kind === 'own'
  const isBusy = state === 'doing' || state === 'waiting'
  return (
    <li data-testid={`sandbox.scenario.${scenario.id}`} data-state={state}>
      <div className="sandbox-row">
        <strong>{scenario.title[language]}</strong>
        <Button
          size="small"
          autoInsertSpace={false}
          loading={isBusy}
          disabled={isBlocked || isClosed}
          title={isClosed ? t('break.needsReceiver') : undefined}
          aria-label={t('break.doIt', { what: scenario.title[language] })}
          onClick={() => void start()}
          data-testid={`sandbox.scenario.${scenario.id}.go`}
        >
          {t('break.go')}
        </Button>
        {scenario.is_slow && <span className="mk-quiet">{t('break.slow')}</span>}
        {state !== 'new' && (
          <span role="status">
            <StateTag tone={TONES[state]}>{t(`break.state.${state}`)}</StateTag> {proof}
          </span>
        )}
      </div>
      <p>
        {scenario.todo[language]}{' '}
        <span className="mk-quiet">{t('break.expect', { what: scenario.expect[language] })}</span>
      </p>
      {error !== null && <ErrorBox error={error} />}
    </li>
  )
}
