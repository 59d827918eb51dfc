import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { CopyButton } from '@/kit/CopyButton'
import { ErrorBox } from '@/kit/ErrorBox'
import { Skeleton } from '@/kit/Skeleton'
import { useAction } from '@/kit/useAction'
import { ExchangeView } from './ExchangeView'
import type { Exchange, OperationExample } from './model'

const MOST_ROWS = 14

interface Props {
  appKey: string
  /** Changes when a bind made another id known, or a run other phones. */
  known: string
  mayRecord: boolean
  canRun: boolean
  onRun: (sent: { operation: string; params: Record<string, unknown>; exchange: Exchange }) => void
}

interface Snippets {
  items: { language: string; file_name: string; run: string; code: string }[]
  secret_word: string
}

/** One request of the application: its parameters, the program in seven languages, and its answer. */
export function CodePanel({ appKey, known, mayRecord, canRun, onRun }: Props) {
  const { t } = useTranslation('sandbox')
  const [name, setName] = useState<string>('')
  const { data, error } = useQuery({
    queryKey: ['/sandbox/operations', appKey, known],
    queryFn: () =>
      ask<{ items: OperationExample[] }>('GET', '/sandbox/operations', {
        query: { app_key: appKey },
      }),
    placeholderData: (before) => before,
  })
  if (error) return <ErrorBox error={error} />
  const chosen = data?.items.find((one) => one.operation === name) ?? data?.items[0]
  if (!data || !chosen) return <Skeleton rows={8} />
  return (
    <section className="mk-card" aria-label={t('code.title')} data-testid="sandbox.code">
      <div className="sandbox-row">
        <h2>{t('code.title')}</h2>
        <Select
          aria-label={t('code.operation')}
          value={chosen.operation}
          onChange={setName}
          options={data.items.map((one) => ({
            value: one.operation,
            label: t(`operation.${one.operation}`),
          }))}
          data-testid="sandbox.code.operation"
        />
        <code>
          {chosen.method} {chosen.path}
        </code>
      </div>
      <RequestEditor
        key={`${appKey} ${chosen.operation} ${JSON.stringify(chosen.params)}`}
        appKey={appKey}
        operation={chosen}
        mayRecord={mayRecord && chosen.operation === 'bind'}
        canRun={canRun}
        onRun={onRun}
      />
    </section>
  )
}

interface EditorProps extends Omit<Props, 'known'> {
  operation: OperationExample
}

function RequestEditor({ appKey, operation, mayRecord, canRun, onRun }: EditorProps) {
  const { t } = useTranslation('sandbox')
  const [text, setText] = useState(() => JSON.stringify(operation.params, null, 2))
  const { isBusy, error, act } = useAction()
  const [exchange, setExchange] = useState<Exchange | null>(null)
  const params = readObject(text)
  const run = async () => {
    if (!params) return
    await act(async () => {
      const body = { app_key: appKey, operation: operation.operation, params }
      const answer = await ask<Exchange>('POST', '/sandbox/requests', { body })
      setExchange(answer)
      onRun({ operation: operation.operation, params, exchange: answer })
    })
  }
  return (
    <>
      <textarea
        aria-label={t('code.params')}
        aria-invalid={params === undefined}
        className="mk-input mk-mono sandbox-text"
        rows={Math.min(text.split('\n').length, MOST_ROWS)}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
        data-testid="sandbox.code.params"
      />
      {params === undefined && <p role="alert">{t('code.noObject')}</p>}
      <Explained names={Object.keys(params ?? {})} />
      <div className="sandbox-row">
        <Button
          type="primary"
          loading={isBusy}
          disabled={!params || !canRun}
          title={canRun ? undefined : t('code.needsRun')}
          onClick={() => void run()}
          data-testid="sandbox.code.run"
        >
          {t('code.run')}
        </Button>
        {mayRecord && (
          <Checkbox
            checked={params?.recordFlag === 'true'}
            disabled={!params}
            onChange={(event) => {
              const { recordFlag: _, ...rest } = params ?? {}
              const wanted = event.target.checked ? { ...rest, recordFlag: 'true' } : rest
              setText(JSON.stringify(wanted, null, 2))
            }}
            data-testid="sandbox.code.record"
          >
            {t('code.record')}
          </Checkbox>
        )}
        {!canRun && <span className="mk-quiet">{t('code.needsRun')}</span>}
      </div>
      {error !== null && <ErrorBox error={error} />}
      {exchange && <ExchangeView exchange={exchange} />}
      <Programs appKey={appKey} operation={operation.operation} params={params} />
    </>
  )
}

/** What the parameters mean, for those that the texts know. */
function Explained({ names }: { names: readonly string[] }) {
  const { t, i18n } = useTranslation('sandbox')
  const known = names.filter((name) => i18n.exists(`sandbox:field.${name}`))
  if (known.length === 0) return null
  return (
    <details className="sandbox-fields">
      <summary>{t('code.explained')}</summary>
      <dl>
        {known.map((name) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>{t(`field.${name}`)}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

interface ProgramProps {
  appKey: string
  operation: string
  params: Record<string, unknown> | undefined
}

function Programs({ appKey, operation, params }: ProgramProps) {
  const { t } = useTranslation('sandbox')
  const [language, setLanguage] = useState('curl')
  const written = JSON.stringify(params ?? {})
  const { data, error } = useQuery({
    queryKey: ['/snippets', appKey, operation, written],
    queryFn: () =>
      ask<Snippets>('GET', '/snippets', {
        query: { app_key: appKey, operation, params: written },
      }),
    enabled: params !== undefined,
    placeholderData: (before) => before,
  })
  if (error) return <ErrorBox error={error} />
  const shown = data?.items.find((one) => one.language === language) ?? data?.items[0]
  if (!data || !shown) return <Skeleton rows={6} />
  return (
    <div className="sandbox-programs">
      <Segmented
        size="small"
        aria-label={t('code.language')}
        value={shown.language}
        onChange={setLanguage}
        options={data.items.map((one) => ({
          value: one.language,
          label: t(`language.${one.language}`, { defaultValue: one.language }),
        }))}
      />
      <p className="mk-quiet">
        {t('code.file')} <code>{shown.file_name}</code> · {t('code.start')} <code>{shown.run}</code>{' '}
        · {t('code.secret', { word: data.secret_word })}
      </p>
      <div className="mk-json">
        <CopyButton text={shown.code} label={t('code.program')} />
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
        <section aria-label={t('code.program')} tabIndex={0} data-testid="sandbox.code.program">
          <pre>{shown.code}</pre>
        </section>
      </div>
    </div>
  )
}

function readObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isObject = value !== null && typeof value === 'object' && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
