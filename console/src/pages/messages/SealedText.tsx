import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '@/app/SessionContext'
import { RevealDialog } from '@/kit/RevealDialog'
import type { Message } from './message'

interface Props {
  message: Message
  field: 'text' | 'outgoing'
}

/** What was written: sealed until somebody gives a reason, then shown for a minute. */
export function SealedText({ message, field }: Props) {
  const { t } = useTranslation('messages')
  const mayReveal = useRight('number.reveal')
  const [isAsking, setAsking] = useState(false)
  const [shown, setShown] = useState<{ value: string; forS: number } | null>(null)
  useEffect(() => {
    if (!shown) return
    const hide = () => setShown(null)
    const timer = window.setTimeout(hide, shown.forS * 1000)
    window.addEventListener('blur', hide)
    return () => {
      window.clearTimeout(timer)
      window.removeEventListener('blur', hide)
    }
  }, [shown])
  if (shown) return <q data-testid={`messages.${field}`}>{shown.value}</q>
  return (
    <>
      <span className="mk-quiet">{t('sealed')}</span>{' '}
      {mayReveal && (
        <button
          type="button"
          className="mk-button"
          data-testid={`messages.reveal.${field}`}
          onClick={() => setAsking(true)}
        >
          {t('reveal')}
        </button>
      )}
      {isAsking && (
        <RevealDialog
          target={{ kind: 'message', objectId: message.message_id, field }}
          onClose={() => setAsking(false)}
          onShown={(value, forS) => {
            setAsking(false)
            setShown({ value, forS })
          }}
        />
      )}
    </>
  )
}
