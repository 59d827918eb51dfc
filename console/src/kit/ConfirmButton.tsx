import { Button, type ButtonProps } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type FormRequests, isUnanswered } from '@/api/change'
import { CancelButton, Dialog } from './Dialog'
import { ErrorBox } from './ErrorBox'
import { StepUp, useNeedsStepUp } from './StepUp'
import { useAction } from './useAction'

interface Props {
  /** The verb and its object: "Unbind 12". */
  label: string
  /** 0 at once, 1 names the object, 2 says the effect, 3 wants `typed` typed and a fresh step-up. */
  level: 0 | 1 | 2 | 3
  /** What will happen, and what will not. */
  effect?: ReactNode
  /** At level 3: the count or name that has to be typed. */
  typed?: string
  /** Sends by what it is given: pressed again after no answer, nothing is done twice. */
  onConfirm: (requests: FormRequests) => Promise<unknown>
  danger?: boolean
  disabled?: boolean
  /** Why it can't be pressed. */
  reason?: string
  size?: ButtonProps['size']
  type?: ButtonProps['type']
  testId?: string
}

/** A button that asks as much as its effect deserves, and is busy until the server has answered. */
export function ConfirmButton(props: Props) {
  const { label, level, onConfirm, danger, disabled, reason, size, type, testId } = props
  const { t } = useTranslation('kit')
  const [isAsking, setAsking] = useState(false)
  const { isBusy, error, act } = useAction()
  const run = () =>
    act(async (requests) => {
      try {
        await onConfirm(requests)
        setAsking(false)
      } catch (refused) {
        if (!isUnanswered(refused)) setAsking(true)
        throw refused
      }
    })
  return (
    <>
      <Button
        danger={danger}
        disabled={disabled}
        title={disabled ? reason : undefined}
        size={size}
        type={type}
        loading={isBusy && !isAsking}
        data-testid={testId}
        onClick={() => (level === 0 ? void run() : setAsking(true))}
      >
        {label}
      </Button>
      {isAsking && (
        <Dialog title={label} onClose={() => setAsking(false)} testId="kit.confirm">
          <Question {...props} isBusy={isBusy} error={error} onRun={run} />
        </Dialog>
      )}
      {disabled && reason && (
        <span className="mk-visually-hidden">{t('disabled', { reason })}</span>
      )}
    </>
  )
}

interface QuestionProps extends Props {
  isBusy: boolean
  error: unknown
  onRun: () => Promise<void>
}

function Question({ label, level, effect, typed, danger, isBusy, error, onRun }: QuestionProps) {
  const { t } = useTranslation('kit')
  const [given, setGiven] = useState('')
  const needsStepUp = useNeedsStepUp() && level === 3
  const isTyped = level < 3 || !typed || given.trim() === typed
  return (
    <>
      {effect && <div>{effect}</div>}
      {level === 3 && typed && (
        <label className="mk-form">
          {t('confirm.type', { typed })}
          <input
            value={given}
            data-testid="kit.confirm.typed"
            onChange={(event) => setGiven(event.target.value)}
          />
        </label>
      )}
      {needsStepUp && <StepUp />}
      {error !== null && <ErrorBox error={error} />}
      <div className="mk-actions">
        <CancelButton />
        <Button
          type="primary"
          danger={danger}
          loading={isBusy}
          disabled={!isTyped || needsStepUp}
          data-testid="kit.confirm.yes"
          onClick={() => void onRun()}
        >
          {label}
        </Button>
      </div>
    </>
  )
}
