import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '@/api/client'
import { useSession } from '@/app/SessionContext'
import { CancelButton, Dialog } from '@/kit/Dialog'
import { ErrorBox } from '@/kit/ErrorBox'
import { SecretDialog } from '@/kit/SecretDialog'
import { useAction } from '@/kit/useAction'

const MAX_DAYS = 3_650
const USUAL_DAYS = 90

/** A token has no more rights than whose it is; nothing is ticked, so that each is meant. */
export function CreateDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['tokens', 'kit'])
  const { rights } = useSession()
  const client = useQueryClient()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const { isBusy, error, act, form } = useAction()
  const [made, setMade] = useState<Schema<'ApiTokenView'> | null>(null)
  const create = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    await act(async ({ send }) => {
      const body = {
        name: String(given.get('name')).trim(),
        days: Number(given.get('days')),
        rights: [...chosen],
      }
      setMade(await send('POST', '/tokens', { body }))
      await client.invalidateQueries({ queryKey: ['/tokens'] })
    })
  }
  if (made) {
    return (
      <SecretDialog
        title={t('create.made')}
        text={t('create.once')}
        values={[{ label: made.name, value: made.token ?? '' }]}
        file={`${made.token_id}.txt`}
        onStored={onClose}
      />
    )
  }
  const toggle = (right: string, isOn: boolean) => {
    const next = new Set(chosen)
    if (isOn) next.add(right)
    else next.delete(right)
    setChosen(next)
  }
  const reading = rights.filter((right) => right.endsWith('.read'))
  return (
    <Dialog title={t('create.title')} onClose={onClose} testId="tokens.createDialog">
      <form ref={form} className="mk-form" onSubmit={(event) => void create(event)}>
        <label>
          {t('column.name')}
          <input name="name" maxLength={64} required data-testid="tokens.create.name" />
        </label>
        <label>
          {t('create.days')}
          <input
            name="days"
            type="number"
            min={1}
            max={MAX_DAYS}
            defaultValue={USUAL_DAYS}
            required
          />
        </label>
        <fieldset className="tokens-choice">
          <legend>{t('create.rights')}</legend>
          <div className="tokens-all">
            <button type="button" className="mk-button" onClick={() => setChosen(new Set(reading))}>
              {t('create.reading')}
            </button>
            <button type="button" className="mk-button" onClick={() => setChosen(new Set())}>
              {t('create.none')}
            </button>
          </div>
          {rights.map((right) => (
            <label key={right}>
              <input
                type="checkbox"
                checked={chosen.has(right)}
                data-testid={`tokens.right.${right}`}
                onChange={(event) => toggle(right, event.target.checked)}
              />
              <code>{right}</code>
            </label>
          ))}
        </fieldset>
        {error !== null && <ErrorBox error={error} />}
        <div className="mk-actions">
          <CancelButton />
          <Button
            type="primary"
            htmlType="submit"
            loading={isBusy}
            disabled={chosen.size === 0}
            title={chosen.size === 0 ? t('create.noRight') : undefined}
            data-testid="tokens.create.go"
          >
            {t('create.go')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
