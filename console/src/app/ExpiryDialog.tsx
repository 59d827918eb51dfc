import { type SyntheticEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/api/error'
import { readSession, type Session, signIn } from '@/api/session'
import { Dialog } from '@/kit/Dialog'
import { messageOf } from '@/kit/errorText'
import { leaveForSignIn } from './SessionContext'

const WARN_MS = 120_000

interface Props {
  session: Session
  hasEnded: boolean
  onBack: () => Promise<void>
}

/** Warns two minutes before the session ends; after that asks to sign in over the page. */
export function ExpiryDialog({ session, hasEnded, onBack }: Props) {
  const { t } = useTranslation('shell')
  const isEnding = useIsEnding(session.expires_at)
  const [isPutOff, setPutOff] = useState('')
  if (hasEnded) return <SignInAgain login={session.user.login} onBack={onBack} />
  if (!isEnding || isPutOff === session.expires_at) return null
  const stay = async () => {
    await readSession()
    await onBack()
    setPutOff(session.expires_at)
  }
  return (
    <Dialog title={t('expiry.soon')} onClose={() => setPutOff(session.expires_at)}>
      <p>{t('expiry.soonText')}</p>
      <div className="mk-actions">
        <button type="button" className="mk-button is-primary" onClick={() => void stay()}>
          {t('expiry.stay')}
        </button>
      </div>
    </Dialog>
  )
}

function SignInAgain({ login, onBack }: { login: string; onBack: () => Promise<void> }) {
  const { t } = useTranslation('shell')
  const [needsCode, setNeedsCode] = useState(false)
  const [trouble, setTrouble] = useState('')
  const submit = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const code = String(given.get('code') ?? '') || undefined
    try {
      await signIn({ login, password: String(given.get('password')), code })
      await onBack()
    } catch (error) {
      const isCodeNeeded = error instanceof ApiError && error.code === 'code_needed'
      if (isCodeNeeded) setNeedsCode(true)
      setTrouble(isCodeNeeded && !code ? '' : messageOf(error, t))
    }
  }
  return (
    <Dialog title={t('expiry.ended')}>
      <p>{t('expiry.endedText', { login })}</p>
      <form className="mk-form" onSubmit={(event) => void submit(event)}>
        <label>
          {t('expiry.password')}
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        {needsCode && (
          <label>
            {t('expiry.code')}
            <input name="code" inputMode="numeric" autoComplete="one-time-code" required />
          </label>
        )}
        {trouble && <p role="alert">{trouble}</p>}
        <div className="mk-actions">
          <button type="button" className="mk-button" onClick={leaveForSignIn}>
            {t('expiry.other')}
          </button>
          <button type="submit" className="mk-button is-primary">
            {t('expiry.signIn')}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

function useIsEnding(expiresAt: string): boolean {
  const [isEnding, setEnding] = useState(false)
  useEffect(() => {
    const look = () => setEnding(Date.parse(expiresAt) - Date.now() < WARN_MS)
    look()
    const timer = window.setInterval(look, 5_000)
    return () => window.clearInterval(timer)
  }, [expiresAt])
  return isEnding
}
