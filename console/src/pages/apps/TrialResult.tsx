import { useTranslation } from 'react-i18next'
import type { Schema } from '@/api/client'
import { formatDuration } from '@/kit/format'
import { JsonBlock } from '@/kit/JsonBlock'
import { StateTag, type Tone } from '@/kit/StateTag'

export type Trial = Schema<'CallbackTestView'>
type Step = Trial['steps'][number]

const TONES: Record<Step['outcome'], Tone> = {
  ok: 'ok',
  note: 'warn',
  failed: 'bad',
  skipped: 'unknown',
}

/** What a test push met, step by step with the time of each, and what that means. */
export function TrialResult({ trial }: { trial: Trial }) {
  const { t } = useTranslation('apps')
  return (
    <div className="apps-result" data-testid="app.trial">
      <p>
        <StateTag tone={trial.passed ? 'ok' : 'bad'}>
          {t(trial.passed ? 'trial.passed' : 'trial.notPassed')}
        </StateTag>{' '}
        <code>{trial.url}</code>
      </p>
      <ol>
        {trial.steps.map((step) => (
          <li key={step.name} data-id={step.name}>
            <StateTag tone={TONES[step.outcome]}>
              {t(`trial.step.${step.name}`, { defaultValue: step.name })}
            </StateTag>{' '}
            <StepText step={step} />
          </li>
        ))}
      </ol>
      <details>
        <summary>{t('trial.request')}</summary>
        <JsonBlock value={trial.headers} label={t('trial.headers')} />
        <JsonBlock value={trial.body} label={t('trial.body')} />
        {trial.answer && <JsonBlock value={trial.answer} label={t('trial.answer')} />}
      </details>
    </div>
  )
}

function StepText({ step }: { step: Step }) {
  const { t } = useTranslation('apps')
  const text = t(`trial.code.${step.code}`, { defaultValue: step.text, detail: step.text })
  const seen = Object.entries(step.seen).map(([name, value]) =>
    value === 'none' ? t('trial.none') : t(`trial.seen.${name}`, { defaultValue: value, value }),
  )
  const took = step.took_ms > 0 ? [formatDuration(step.took_ms)] : []
  return <span>{[...new Set([text, ...seen, ...took])].filter(Boolean).join(' · ')}</span>
}
