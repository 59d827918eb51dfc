import { useQueryClient } from '@tanstack/react-query'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { stepUp } from '@/api/session'
import { useSession } from '@/app/SessionContext'
import { ErrorBox } from './ErrorBox'

/** Whether the next weighty action needs the password or code once more. */
export function useNeedsStepUp(): boolean {
  return Date.parse(useSession().stepped_up_until) < Date.now()
}

/** Proves once more who sits here; good for a quarter of an hour. */
export function StepUp() {
  const { t } = useTranslation('kit')
  const { user } = useSession()
  const client = useQueryClient()
  const [error, setError] = useState<unknown>(null)
  const name = user.has_totp ? 'code' : 'password'
  const submit = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = String(new FormData(event.currentTarget).get(name))
    try {
      await stepUp({ [name]: given })
      await client.invalidateQueries({ queryKey: ['session'] })
    } catch (refused) {
      setError(refused)
    }
  }
  return (
    <form className="mk-form" onSubmit={(event) => void submit(event)}>
      <label>
        {t(`stepUp.${name}`)}
        <input
          name={name}
          type={name === 'code' ? 'text' : 'password'}
          inputMode={name === 'code' ? 'numeric' : undefined}
          autoComplete={name === 'code' ? 'one-time-code' : 'current-password'}
          data-testid="kit.stepUp"
          required
        />
      </label>
      {error !== null && <ErrorBox error={error} />}
      <button type="submit" className="mk-button">
        {t('stepUp.prove')}
      </button>
    </form>
  )
}
