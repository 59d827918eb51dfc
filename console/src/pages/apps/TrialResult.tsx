import { useTranslation } from 'react-i18next'
import type { Schema } from '@/api/client'
import { formatBytes, formatDuration } from '@/kit/format'
import { JsonBlock } from '@/kit/JsonBlock'
import { StateTag, type Tone } from '@/kit/StateTag'

type Trial = Schema<'TrialView'>

const SLOW_MS = 3_000

/** What a test push met, step by step, and what that means. */
export function TrialResult({ trial }: { trial: Trial }) {
  const { t } = useTranslation('apps')
  const took = formatDuration(trial.took_ms)
  const hasAnswer = trial.status !== null
  const steps: { name: string; tone: Tone; text: string }[] = [
    { name: 'address', tone: 'plain', text: trial.url },
    {
      name: 'send',
      tone: hasAnswer ? 'ok' : 'bad',
      text: t('trial.sent', { size: formatBytes(new Blob([trial.body]).size) }),
    },
    {
      name: 'answer',
      tone: hasAnswer ? (trial.accepted ? 'ok' : 'bad') : 'bad',
      text: hasAnswer ? `HTTP ${trial.status} · ${took}` : `${trial.error ?? ''} · ${took}`,
    },
    { name: 'meaning', tone: toneOf(trial), text: t(`trial.meaning.${meaningOf(trial)}`) },
  ]
  return (
    <div className="apps-result" data-testid="app.trial">
      <ol>
        {steps.map(({ name, tone, text }) => (
          <li key={name}>
            <StateTag tone={tone}>{t(`trial.step.${name}`)}</StateTag> {text}
          </li>
        ))}
      </ol>
      {trial.error && hasAnswer && <p>{trial.error}</p>}
      <details>
        <summary>{t('trial.request')}</summary>
        <JsonBlock value={trial.headers} label={t('trial.headers')} />
        <JsonBlock value={trial.body} label={t('trial.body')} />
      </details>
    </div>
  )
}

function toneOf(trial: Trial): Tone {
  if (!trial.accepted) return 'bad'
  return trial.took_ms > SLOW_MS ? 'warn' : 'ok'
}

function meaningOf({ accepted, status, took_ms: took }: Trial): string {
  if (status === null) return 'silent'
  if (accepted) return took > SLOW_MS ? 'slow' : 'right'
  if (status >= 300 && status < 400) return 'moved'
  if (status === 401 || status === 403) return 'denied'
  if (status === 404 || status === 405) return 'nowhere'
  return status >= 500 ? 'broken' : 'refused'
}
