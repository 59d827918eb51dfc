import './money.css'
import { Button } from 'antd'
import { type ReactNode, type SyntheticEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FormRequests } from '@/api/change'
import { ApiError } from '@/api/error'
import { useZone } from '@/app/preferences'
import { CancelButton, Dialog } from '@/kit/Dialog'
import { ErrorBox } from '@/kit/ErrorBox'
import { messageOf } from '@/kit/errorText'
import { instantOf } from '@/kit/format'
import { useAction } from '@/kit/useAction'
import { readMoney } from './money'

/** A field of a form about money; `money` is typed as 12.50 and sent in the minor unit. */
export interface MoneyField {
  name: string
  label: string
  kind: 'money' | 'count' | 'text' | 'time'
  start?: string
  hint?: string
  isRequired?: boolean
}

export type Sent = Record<string, string | number | null>

interface Props {
  title: string
  verb: string
  fields: readonly MoneyField[]
  currency: string
  effect?: ReactNode
  testId: string
  /** What was given; what is empty is null. */
  onSend: (requests: FormRequests, given: Sent) => Promise<void>
  onClose: () => void
}

/** A dialog that asks for amounts and little else; nothing is sent before all of it can be read. */
export function MoneyForm({
  title,
  verb,
  fields,
  currency,
  effect,
  testId,
  onSend,
  onClose,
}: Props) {
  const { t } = useTranslation(['money', 'kit'])
  const zone = useZone()
  const [texts, setTexts] = useState<Record<string, string>>(() =>
    Object.fromEntries(fields.map(({ name, start = '' }) => [name, start])),
  )
  const [wrong, setWrong] = useState<string | null>(null)
  const { isBusy, error, act, form } = useAction()
  const refused = error instanceof ApiError ? error.field : undefined
  const send = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given: Sent = {}
    for (const field of fields) {
      const text = texts[field.name]?.trim() ?? ''
      const value = read(field, text, currency, zone)
      if (value === undefined) return setWrong(field.name)
      given[field.name] = value
    }
    setWrong(null)
    await act(async (requests) => {
      await onSend(requests, given)
      onClose()
    })
  }
  const isShown = fields.some(({ name }) => name === refused)
  return (
    <Dialog title={title} onClose={onClose} testId={testId}>
      <form ref={form} className="money-form mk-form" onSubmit={(event) => void send(event)}>
        {error !== null && !isShown && <ErrorBox error={error} />}
        {fields.map((field) => (
          <OneField
            key={field.name}
            field={field}
            currency={currency}
            text={texts[field.name] ?? ''}
            said={
              field.name === wrong
                ? t('form.noAmount')
                : field.name === refused
                  ? messageOf(error, t)
                  : undefined
            }
            onText={(text) => setTexts((known) => ({ ...known, [field.name]: text }))}
          />
        ))}
        {effect && <div className="mk-quiet">{effect}</div>}
        <div className="mk-actions">
          <CancelButton />
          <Button type="primary" htmlType="submit" loading={isBusy} data-testid={`${testId}.send`}>
            {verb}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function read(field: MoneyField, text: string, currency: string, zone: string) {
  if (text === '') return field.isRequired ? undefined : null
  if (field.kind === 'money') return readMoney(text, currency) ?? undefined
  if (field.kind === 'count') return /^\d{1,9}$/.test(text) ? Number(text) : undefined
  return field.kind === 'time' ? instantOf(text, zone) : text
}

interface FieldProps {
  field: MoneyField
  currency: string
  text: string
  said?: string
  onText: (text: string) => void
}

function OneField({ field, currency, text, said, onText }: FieldProps) {
  const id = useId()
  const hint = said ?? field.hint
  return (
    <div>
      <label htmlFor={id}>
        <span>
          {field.label} <code>{field.name}</code>
          {field.kind === 'money' && ` (${currency})`}
        </span>
        <input
          id={id}
          name={field.name}
          type={field.kind === 'time' ? 'datetime-local' : 'text'}
          inputMode={field.kind === 'money' ? 'decimal' : undefined}
          autoComplete="off"
          maxLength={200}
          required={field.isRequired}
          value={text}
          aria-invalid={said !== undefined}
          aria-describedby={hint ? `${id}-said` : undefined}
          onChange={(event) => onText(event.target.value)}
        />
      </label>
      {hint && (
        <span id={`${id}-said`} className={said ? 'money-refusal' : 'mk-quiet'}>
          {hint}
        </span>
      )}
    </div>
  )
}
