import './pushes.css'
import './table.css'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '@/api/client'
import { useRight } from '@/app/SessionContext'
import { ConfirmButton } from './ConfirmButton'
import { JsonBlock } from './JsonBlock'
import { StateTag, type Tone } from './StateTag'
import { DurationText, IdText, NONE, TimeText } from './Texts'

type Push = Schema<'PushView'>
type Resent = Schema<'ResentView'>

const TONES: Record<string, Tone> = { waiting: 'plain', delivered: 'ok', dead: 'bad' }

interface Props {
  push: Push
  onSent: () => void
  /** Whether its tries and body are shown without being asked for. */
  isOpen?: boolean
}

/** One push with its tries and its body; it can be sent again where it stands. */
export function PushRow({ push, onSent, isOpen = false }: Props) {
  const { t } = useTranslation('kit')
  const maySend = useRight('push.resend')
  const [resent, setResent] = useState<Resent | null>(null)
  return (
    <li className="mk-push" data-id={push.push_id} data-testid="push.row">
      <div className="mk-push-head">
        <strong>{t(`push.purpose.${push.purpose}`, { defaultValue: push.purpose })}</strong>
        <TimeText at={push.created_at} isFine />
        <StateTag tone={TONES[push.state] ?? 'unknown'}>{t(`push.state.${push.state}`)}</StateTag>
        {push.state === 'waiting' && push.attempts > 0 && (
          <span>
            {t('push.next')} <TimeText at={push.due_at} />
          </span>
        )}
        {push.error && <span className="mk-quiet">{push.error}</span>}
        <IdText id={push.push_id} />
        {maySend && (
          <ConfirmButton
            label={t('push.resend')}
            level={0}
            size="small"
            testId="push.row.resend"
            onConfirm={async ({ send }) => {
              const answer = await send<Resent>('POST', '/pushes/{push_id}/resend', {
                params: { push_id: push.push_id },
              })
              setResent(answer)
              onSent()
            }}
          />
        )}
      </div>
      {resent && (
        <p role="status" className={resent.accepted ? 'mk-ok' : 'mk-bad'}>
          {resent.accepted
            ? t('push.resent', { status: resent.status })
            : t('push.refused', { why: resent.error ?? resent.status })}
        </p>
      )}
      <details open={isOpen}>
        <summary>{t('push.tries', { count: push.tries.length })}</summary>
        <PushTries tries={push.tries} />
        {push.body && <JsonBlock value={push.body} label={t('push.body')} />}
      </details>
    </li>
  )
}

export function PushTries({ tries }: { tries: Push['tries'] }) {
  const { t } = useTranslation('kit')
  if (tries.length === 0) return <p>{t('push.noTry')}</p>
  return (
    <table className="mk-plain-table">
      <caption className="mk-visually-hidden">{t('push.triesCaption')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('push.at')}</th>
          <th scope="col">{t('push.url')}</th>
          <th scope="col">{t('push.answer')}</th>
          <th scope="col">{t('push.took')}</th>
          <th scope="col">{t('push.by')}</th>
        </tr>
      </thead>
      <tbody>
        {tries.map((one) => (
          <tr key={`${one.at}-${one.attempt}`}>
            <td>
              <TimeText at={one.at} isFine />
            </td>
            <td>
              <code>{one.url}</code>
            </td>
            <td>{one.status ?? one.error ?? one.result}</td>
            <td>
              <DurationText ms={one.took_ms} />
            </td>
            <td>{one.by ?? NONE}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
