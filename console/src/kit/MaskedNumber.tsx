import EyeOutlined from '@ant-design/icons/EyeOutlined'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRight } from '@/app/SessionContext'
import { groupNumber } from './format'
import { RevealDialog, type RevealTarget } from './RevealDialog'
import { NONE } from './Texts'

interface Props {
  /** As the API gives it: masked. */
  masked?: string | null
  role?: 'A' | 'B' | 'C' | 'D'
  /** What POST /reveals needs to name this number; without it there is no eye. */
  reveal?: RevealTarget
}

/** A real number as the API masks it. Whoever has the right may ask to see it for a minute. */
export function MaskedNumber({ masked, role, reveal }: Props) {
  const { t } = useTranslation('kit')
  const canReveal = useRight('number.reveal') && reveal !== undefined
  const [isAsking, setAsking] = useState(false)
  const [shown, setShown] = useState<{ value: string; forS: number } | null>(null)
  useEffect(() => {
    if (!shown) return
    const clear = () => setShown(null)
    const timer = window.setTimeout(clear, shown.forS * 1000)
    window.addEventListener('blur', clear)
    return () => {
      window.clearTimeout(timer)
      window.removeEventListener('blur', clear)
    }
  }, [shown])
  if (!masked) return NONE
  const end = /\d+$/.exec(masked)?.[0]
  return (
    <span className="mk-number">
      {role && (
        <span className="mk-role" role="img" aria-label={t('party', { role })}>
          {role}
        </span>
      )}
      {shown ? (
        <span className="mk-revealed" style={{ animationDuration: `${shown.forS}s` }}>
          {groupNumber(shown.value)}
        </span>
      ) : (
        <>
          <span aria-hidden="true">{groupNumber(masked)}</span>
          <span className="mk-visually-hidden">{end ? t('endsIn', { end }) : t('masked')}</span>
        </>
      )}
      {canReveal && !shown && (
        <button
          type="button"
          className="mk-button is-icon mk-copy"
          aria-label={t('reveal.open')}
          title={t('reveal.open')}
          onClick={(event) => {
            event.stopPropagation()
            setAsking(true)
          }}
        >
          <EyeOutlined />
        </button>
      )}
      {isAsking && reveal && (
        <RevealDialog
          target={reveal}
          onClose={() => setAsking(false)}
          onShown={(value, forS) => {
            setAsking(false)
            setShown({ value, forS })
          }}
        />
      )}
    </span>
  )
}
