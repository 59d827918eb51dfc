import { Button, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { toast } from '@/app/toast'
import { ErrorBox } from '@/kit/ErrorBox'
import type { Run } from './model'

const MOST_ROWS = 14
const STATUSES = [200, 204, 400, 403, 404, 429, 500, 503]

/** How the built-in receiver answers: status and delay of all, JSON for pushes that ask. */
export function ReceiverPanel({ run, onChange }: { run: Run; onChange: () => unknown }) {
  const { t } = useTranslation('sandbox')
  const [error, setError] = useState<unknown>(null)
  const { receiver } = run
  const answer = async (body: Record<string, unknown>) => {
    setError(null)
    try {
      const params = { run_id: run.run_id }
      await ask('PUT', '/sandbox/runs/{run_id}/receiver', { params, body })
      toast(t('receiver.changed'))
    } catch (refused) {
      setError(refused)
    }
    await onChange()
  }
  return (
    <section className="mk-card" aria-label={t('receiver.title')} data-testid="sandbox.receiver">
      <h2>{t('receiver.title')}</h2>
      {receiver.kind === 'own' ? (
        <p>{t('receiver.own')}</p>
      ) : (
        <>
          <p className="mk-quiet">{t('receiver.builtIn')}</p>
          <div className="sandbox-row">
            <div className="sandbox-row">
              {t('receiver.status')}
              <Select
                size="small"
                aria-label={t('receiver.status')}
                value={receiver.status}
                onChange={(status) => void answer({ status })}
                options={STATUSES.map((value) => ({ value, label: String(value) }))}
                data-testid="sandbox.receiver.status"
              />
            </div>
            <div className="sandbox-row">
              {t('receiver.delay')}
              <InputNumber
                size="small"
                aria-label={t('receiver.delay')}
                min={0}
                max={60}
                value={receiver.delay_s}
                onChange={(delay) => delay !== null && void answer({ delay_s: delay })}
                suffix={t('phone.seconds')}
              />
            </div>
          </div>
          {(['call', 'message'] as const).map((kind) => (
            <AnswerEditor
              key={`${kind} ${JSON.stringify(receiver[kind])}`}
              kind={kind}
              value={receiver[kind]}
              onSave={(value) => answer({ [kind]: value })}
            />
          ))}
        </>
      )}
      {error !== null && <ErrorBox error={error} />}
    </section>
  )
}

interface EditorProps {
  kind: 'call' | 'message'
  value: unknown
  onSave: (value: unknown) => Promise<void>
}

function AnswerEditor({ kind, value, onSave }: EditorProps) {
  const { t } = useTranslation('sandbox')
  const before = JSON.stringify(value, null, 2)
  const [text, setText] = useState(before)
  const isJson = isReadable(text)
  const label = t(`receiver.${kind}`)
  return (
    <details>
      <summary>{label}</summary>
      <p className="mk-quiet">{t('receiver.words')}</p>
      <textarea
        aria-label={label}
        aria-invalid={!isJson}
        className="mk-input mk-mono sandbox-text"
        rows={Math.min(text.split('\n').length, MOST_ROWS)}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
        data-testid={`sandbox.receiver.${kind}`}
      />
      {!isJson && <p role="alert">{t('receiver.noJson')}</p>}
      <Button
        size="small"
        disabled={!isJson || text === before}
        onClick={() => void onSave(JSON.parse(text))}
      >
        {t('receiver.save')}
      </Button>
    </details>
  )
}

function isReadable(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
