import CheckCircleFilled from '@ant-design/icons/CheckCircleFilled'
import { useTranslation } from 'react-i18next'
import { type Mode, part, ROLES, type RunEvent, STEPS, type Step } from './model'

interface Props {
  mode: Mode
  x: string
  events: readonly RunEvent[]
  done: ReadonlySet<Step>
}

/** The way through, seven steps; what is done is seen from what happened. */
export function Guide({ mode, x, events, done }: Props) {
  const { t } = useTranslation('sandbox')
  const { caller, callee } = ROLES[mode]
  const current = STEPS.find((step) => !done.has(step))
  const words = {
    caller: caller.toUpperCase(),
    callee: callee.toUpperCase(),
    x: x || 'X',
    extension: extensionIn(events) ?? '…',
  }
  return (
    <ol className="sandbox-guide" aria-label={t('guide.title')} data-testid="sandbox.guide">
      {STEPS.map((step) => {
        const isDone = done.has(step)
        const text = step === 'dial' ? `dial_${mode}` : step
        return (
          <li
            key={step}
            aria-current={step === current ? 'step' : undefined}
            data-testid={`sandbox.guide.${step}`}
            data-done={isDone}
          >
            <span className="sandbox-guide-text">
              {isDone && <CheckCircleFilled aria-hidden="true" />}
              {t(step === 'bind' && mode === 'x' ? 'guide.bindNothing' : `guide.${text}`, words)}
              {isDone && <span className="mk-visually-hidden">{t('guide.done')}</span>}
            </span>
          </li>
        )
      })}
    </ol>
  )
}

/** The extension that a bind of AXE answered. */
function extensionIn(events: readonly RunEvent[]): string | undefined {
  for (const event of [...events].reverse()) {
    const told = event.kind === 'request' && part(event.detail.answer, 'extendNum')
    if (typeof told === 'string') return told
  }
  return undefined
}
