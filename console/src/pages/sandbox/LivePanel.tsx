import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useZone } from '@/app/preferences'
import { formatTime } from '@/kit/format'
import { JsonBlock } from '@/kit/JsonBlock'
import { StateTag, type Tone } from '@/kit/StateTag'
import { pushMode, pushName, type RunEvent, resultOf, sessionsIn } from './model'

const MAX_SHOWN = 200

interface Props {
  events: readonly RunEvent[]
  isCut: boolean
}

/** What happens, as it happens; the ladder of each call is one click away. */
export function LivePanel({ events, isCut }: Props) {
  const { t } = useTranslation('sandbox')
  const [cleared, setCleared] = useState(0)
  const [held, setHeld] = useState<readonly RunEvent[] | null>(null)
  const list = useRef<HTMLDivElement>(null)
  const shown = (held ?? events).filter((event) => event.sequence > cleared).slice(-MAX_SHOWN)
  const [session] = sessionsIn(events)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new line is what it is about
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight })
  }, [shown.length])
  return (
    <section className="mk-card" aria-label={t('live.title')}>
      <div className="sandbox-row">
        <h2>{t('live.title')}</h2>
        {isCut && <StateTag tone="unknown">{t('live.cut')}</StateTag>}
        {held && <StateTag tone="warn">{t('live.paused')}</StateTag>}
      </div>
      <div className="sandbox-row">
        {session && (
          <Link
            to="/calls/$session"
            params={{ session }}
            className="mk-button"
            data-testid="sandbox.ladder"
          >
            {t('live.ladder')}
          </Link>
        )}
        <Button
          size="small"
          aria-pressed={held !== null}
          onClick={() => setHeld(held ? null : events)}
        >
          {held ? t('live.goOn') : t('live.pause')}
        </Button>
        <Button size="small" onClick={() => setCleared(events.at(-1)?.sequence ?? 0)}>
          {t('live.clear')}
        </Button>
      </div>
      {shown.length === 0 && <p className="mk-quiet">{t('live.nothing')}</p>}
      <div
        ref={list}
        className="sandbox-log"
        role="log"
        aria-label={t('live.title')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
        tabIndex={0}
        data-testid="sandbox.log"
      >
        <ol>
          {shown.map((event) => (
            <Entry key={event.sequence} event={event} />
          ))}
        </ol>
      </div>
    </section>
  )
}

function Entry({ event }: { event: RunEvent }) {
  const { t } = useTranslation('sandbox')
  const { title, tone, mark } = useWords(event)
  const hasBody = event.kind === 'push' || event.kind === 'request'
  const line = (
    <>
      <Moment at={event.at} /> <span>{title}</span>{' '}
      {mark && <StateTag tone={tone}>{mark}</StateTag>}
    </>
  )
  return (
    <li
      data-testid="sandbox.log.event"
      data-kind={event.kind}
      data-name={pushName(event) ?? String(event.detail.state ?? '')}
    >
      {hasBody ? (
        <details>
          <summary>{line}</summary>
          {event.kind === 'push' ? (
            <PushDetail event={event} />
          ) : (
            <JsonBlock value={event.detail.answer} label={t('exchange.answer')} />
          )}
        </details>
      ) : (
        line
      )}
    </li>
  )
}

/** The time of the day is enough: a run is of today. */
function Moment({ at }: { at: string }) {
  const zone = useZone()
  const whole = formatTime(new Date(at), zone, true)
  return (
    <time className="mk-number" dateTime={at} title={whole}>
      {whole.split(' ')[1]}
    </time>
  )
}

interface Words {
  title: string
  tone?: Tone
  mark?: string
}

function useWords(event: RunEvent): Words {
  const { kind, phone, detail } = event
  const { t, i18n } = useTranslation('sandbox')
  const who = phone ? t('phone.name', { id: phone.toUpperCase() }) : ''
  switch (kind) {
    case 'phone': {
      const codes = [
        detail.status && `SIP ${detail.status}`,
        detail.cause && `Q.850 ${detail.cause}`,
      ]
      const more = detail.to ?? detail.shows ?? codes.filter(Boolean).join(' · ')
      return { title: `${who} ${t(`phone.state.${detail.state}`)} ${more ?? ''}` }
    }
    case 'keys':
      return { title: t('live.keys', { who, digits: detail.digits }) }
    case 'text':
      return detail.is_sent
        ? { title: t('live.wrote', { who, to: detail.to }) }
        : { title: t('live.got', { who, from: detail.sender }) }
    case 'request': {
      const code = resultOf(detail.answer)
      const isGood = code === '0'
      return {
        title: t('live.request', { what: t(`operation.${detail.operation}`) }),
        tone: isGood ? 'ok' : 'bad',
        mark: `${detail.status}${code ? ` · ${code}` : ''}`,
      }
    }
    default: {
      const name = pushName(event) ?? ''
      const mode = pushMode(event)
      const wire = mode ? `${name} · ${mode}` : name
      return {
        title: i18n.exists(`sandbox:push.${name}`)
          ? t('live.push', { what: t(`push.${name}`), name: wire })
          : t('live.otherPush', { name }),
        tone: Number(detail.status) < 300 ? 'ok' : 'bad',
        mark: String(detail.status),
      }
    }
  }
}

const VERDICTS: Record<string, Tone> = { valid: 'ok', missing: 'warn' }

/** What the built-in receiver thinks of a push: signature, body, and its answer. */
function PushDetail({ event }: { event: RunEvent }) {
  const { t } = useTranslation('sandbox')
  const { signature, body_signature: covered, body, answer } = event.detail
  return (
    <>
      <p className="sandbox-row">
        <StateTag tone={VERDICTS[String(signature)] ?? 'bad'}>
          {t(`receiver.signature.${String(signature).replace(' ', '_')}`)}
        </StateTag>
        <StateTag tone={VERDICTS[String(covered)] ?? 'bad'}>
          {t(`receiver.covered.${String(covered).replace(' ', '_')}`)}
        </StateTag>
      </p>
      <JsonBlock value={body} label={t('receiver.body')} />
      {answer !== null && <JsonBlock value={answer} label={t('receiver.answer')} />}
    </>
  )
}
