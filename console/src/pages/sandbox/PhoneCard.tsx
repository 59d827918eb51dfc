import { Button, Input, InputNumber, Select } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { ErrorBox } from '@/kit/ErrorBox'
import { formatDuration } from '@/kit/format'
import { StateTag } from '@/kit/StateTag'
import { NumberText, TimeText } from '@/kit/Texts'
import { MANNERS, type Manner, type Phone, type Run } from './model'

const KEYS = '123456789*0#'

interface Props {
  run: Run
  phone: Phone
  /** The number that is dialled unless another is typed. */
  suggested: string
  onUsed: () => unknown
}

/** A phone on the screen: what it was shown, what it hears, and its buttons. */
export function PhoneCard({ run, phone, suggested, onUsed }: Props) {
  const { t } = useTranslation('sandbox')
  const [error, setError] = useState<unknown>(null)
  const params = { run_id: run.run_id, phone: phone.phone_id }
  const use = async (body: Record<string, unknown>) => {
    setError(null)
    try {
      await ask('POST', '/sandbox/runs/{run_id}/phones/{phone}', { params, body })
    } catch (refused) {
      setError(refused)
    }
    await onUsed()
  }
  const behave = async (manner: Manner, afterS: number) => {
    setError(null)
    try {
      const path = '/sandbox/runs/{run_id}/phones/{phone}/behaviour'
      await ask('PUT', path, { params, body: { manner, after_s: afterS } })
    } catch (refused) {
      setError(refused)
    }
    await onUsed()
  }
  const id = phone.phone_id
  return (
    <section
      className={`mk-card sandbox-phone is-${phone.state}`}
      aria-label={t('phone.name', { id: id.toUpperCase() })}
      data-testid={`sandbox.phone.${id}`}
      data-state={phone.state}
    >
      <h3>
        {t('phone.name', { id: id.toUpperCase() })} <NumberText number={phone.number} />
      </h3>
      <p role="status">
        <StateTag tone={phone.state === 'idle' ? 'plain' : 'ok'}>
          {t(`phone.state.${phone.state}`)}
        </StateTag>{' '}
        {phone.state === 'talking' && <Clock key={phone.state} />}
        {phone.state === 'idle' && phone.last_end && <LastEnd end={phone.last_end} />}
      </p>
      <Display phone={phone} />
      <Buttons phone={phone} suggested={suggested} use={use} />
      <div className="sandbox-row">
        <Select
          size="small"
          aria-label={t('phone.behaviour')}
          value={phone.behaviour.manner}
          onChange={(manner) => void behave(manner, phone.behaviour.after_s)}
          options={MANNERS.map((value) => ({ value, label: t(`phone.manner.${value}`) }))}
          data-testid={`sandbox.phone.${id}.behaviour`}
        />
        {['answers', 'no_ringing_tone'].includes(phone.behaviour.manner) && (
          <InputNumber
            size="small"
            aria-label={t('phone.afterS')}
            min={0}
            max={120}
            value={phone.behaviour.after_s}
            onChange={(s) => s !== null && void behave(phone.behaviour.manner, s)}
            suffix={t('phone.seconds')}
          />
        )}
      </div>
      <Messages run={run} phone={phone} suggested={suggested} use={use} />
      {error !== null && <ErrorBox error={error} />}
    </section>
  )
}

/** How long somebody has been talking. */
function Clock() {
  const [began] = useState(Date.now)
  const [now, setNow] = useState(began)
  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), 1_000)
    return () => window.clearInterval(timer)
  }, [])
  return <span className="mk-number">{formatDuration(now - began)}</span>
}

function LastEnd({ end }: { end: NonNullable<Phone['last_end']> }) {
  const { t } = useTranslation('sandbox')
  const codes = [end.status && `SIP ${end.status}`, end.cause && `Q.850 ${end.cause}`]
  return (
    <span className="mk-quiet">
      {t(end.is_by_peer ? 'phone.endedByPeer' : 'phone.endedHere')}{' '}
      {codes.filter(Boolean).join(' · ')}
    </span>
  )
}

/** What the handset was sent, as it was sent: the proof that X is all that is seen. */
function Display({ phone }: { phone: Phone }) {
  const { t } = useTranslation('sandbox')
  const voices = phone.hears.map((one) =>
    one === 'other' ? t('phone.otherTone') : t('phone.name', { id: one.toUpperCase() }),
  )
  return (
    <dl className="sandbox-display">
      <Line label={t('phone.shows')}>
        {phone.shows ? (
          <details>
            <summary data-testid={`sandbox.phone.${phone.phone_id}.shows`}>
              <NumberText number={phone.shows.number} canCopy={false} />
            </summary>
            <code>From: {phone.shows.from_header}</code>
            {phone.shows.asserted_header && (
              <code>P-Asserted-Identity: {phone.shows.asserted_header}</code>
            )}
          </details>
        ) : (
          '–'
        )}
      </Line>
      <Line label={t('phone.hears')}>
        <span data-testid={`sandbox.phone.${phone.phone_id}.hears`}>
          {voices.join(', ') || '–'}
        </span>
      </Line>
      <Line label={t('phone.keysCame')}>
        <code>{phone.keys || '–'}</code>
      </Line>
    </dl>
  )
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

interface UseProps {
  phone: Phone
  suggested: string
  use: (body: Record<string, unknown>) => Promise<void>
}

function Buttons({ phone, suggested, use }: UseProps) {
  const { t } = useTranslation('sandbox')
  const [typed, setTyped] = useState<string | null>(null)
  const id = phone.phone_id
  const number = typed ?? suggested
  const act = (action: string) => () => use({ action })
  if (phone.state === 'idle') {
    return (
      <form
        className="sandbox-row"
        onSubmit={(event) => {
          event.preventDefault()
          void use({ action: 'dial', number })
        }}
      >
        <Input
          aria-label={t('phone.dialNumber')}
          value={number}
          inputMode="tel"
          placeholder={t('phone.dialHint')}
          onChange={(event) => setTyped(event.target.value)}
          data-testid={`sandbox.phone.${id}.number`}
        />
        <Button
          htmlType="submit"
          type="primary"
          disabled={!number}
          data-testid={`sandbox.phone.${id}.dial`}
        >
          {t('phone.dial')}
        </Button>
      </form>
    )
  }
  return (
    <>
      <div className="sandbox-row">
        {phone.state === 'ringing' && (
          <>
            <Verb type="primary" id={id} verb="answer" onPress={act('answer')} />
            <Verb id={id} verb="reject" onPress={act('reject')} />
          </>
        )}
        {phone.state !== 'ringing' && <Verb id={id} verb="hangup" onPress={act('hangup')} />}
      </div>
      {(phone.state === 'talking' || phone.state === 'alerting') && (
        <fieldset className="sandbox-keys">
          <legend className="mk-visually-hidden">{t('phone.keypad')}</legend>
          {[...KEYS].map((digit) => (
            <button
              key={digit}
              type="button"
              className="mk-button"
              onClick={() => void use({ action: 'digits', digits: digit })}
              data-testid={`sandbox.phone.${id}.key.${digit}`}
            >
              {digit}
            </button>
          ))}
        </fieldset>
      )}
    </>
  )
}

interface VerbProps {
  id: string
  verb: 'answer' | 'reject' | 'hangup'
  onPress: () => Promise<void>
  type?: 'primary'
}

function Verb({ id, verb, onPress, type }: VerbProps) {
  const { t } = useTranslation('sandbox')
  return (
    <Button type={type} onClick={() => void onPress()} data-testid={`sandbox.phone.${id}.${verb}`}>
      {t(`phone.${verb}`)}
    </Button>
  )
}

function Messages({ run, phone, suggested, use }: UseProps & { run: Run }) {
  const { t } = useTranslation('sandbox')
  const [text, setText] = useState('')
  if (!run.has_messages) return null
  return (
    <details className="sandbox-messages" open={phone.inbox.length > 0 || undefined}>
      <summary>{t('phone.inbox', { count: phone.inbox.length })}</summary>
      <ul data-testid={`sandbox.phone.${phone.phone_id}.inbox`}>
        {phone.inbox.map((one) => (
          <li key={`${one.at}${one.text}`}>
            <NumberText number={one.sender} /> <TimeText at={one.at} />
            <div>{one.text}</div>
          </li>
        ))}
      </ul>
      <form
        className="sandbox-row"
        onSubmit={(event) => {
          event.preventDefault()
          void use({ action: 'text', to: suggested, text }).then(() => setText(''))
        }}
      >
        <Input
          aria-label={t('phone.text')}
          placeholder={t('phone.textHint', { number: suggested })}
          value={text}
          maxLength={1000}
          onChange={(event) => setText(event.target.value)}
          data-testid={`sandbox.phone.${phone.phone_id}.text`}
        />
        <Button htmlType="submit" disabled={!text || !suggested}>
          {t('phone.send')}
        </Button>
      </form>
    </details>
  )
}
