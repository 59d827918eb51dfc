import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { ApiError } from '@/api/error'
import { messageOf } from './errorText'

interface Props {
  label: string
  /** The opaque token of a number that was looked up. */
  value: string
  onSet: (who: string) => void
  testId: string
}

/** A real number, found by exact match only. It goes in a body; the address gets an opaque token. */
export function NumberFilter({ label, value, onSet, testId }: Props) {
  const { t } = useTranslation('kit')
  const input = useRef<HTMLInputElement>(null)
  const [found, setFound] = useState('')
  const [trouble, setTrouble] = useState('')
  const look = async () => {
    const number = input.current?.value.trim()
    if (!number) return
    setTrouble('')
    try {
      const answer = await ask<{ who: string; number: string }>('POST', '/number-lookups', {
        body: { number },
      })
      setFound(answer.number)
      if (input.current) input.current.value = ''
      onSet(answer.who)
    } catch (error) {
      const isPart = error instanceof ApiError && error.code === 'invalid_field'
      setTrouble(isPart ? t('filter.exactWhy') : messageOf(error, t))
    }
  }
  if (value) {
    return (
      <span className="mk-chip">
        {label}: {found || t('filter.someNumber')}
        <button
          type="button"
          className="mk-button is-icon"
          aria-label={t('filter.remove', { label })}
          onClick={() => onSet('')}
        >
          ×
        </button>
      </span>
    )
  }
  return (
    <label>
      {label}
      <input
        ref={input}
        className="mk-input"
        placeholder={t('filter.exact')}
        title={t('filter.exactWhy')}
        maxLength={40}
        autoComplete="off"
        data-testid={testId}
        aria-invalid={trouble !== '' || undefined}
        onKeyDown={(event) => event.key === 'Enter' && void look()}
      />
      <span role="status">{trouble}</span>
    </label>
  )
}
