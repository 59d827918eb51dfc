import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '@/app/SessionContext'
import { CancelButton, Dialog } from '@/kit/Dialog'
import { ErrorBox } from '@/kit/ErrorBox'
import { SecretDialog } from '@/kit/SecretDialog'
import { useAction } from '@/kit/useAction'
import { type Application, MODES } from './application'

/** What can't be changed later is asked for here; the rest has its place on the application's page. */
export function CreateDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['apps', 'kit'])
  const { tenant } = useSession()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [mode, setMode] = useState<string>('ax')
  const { isBusy, error, act, form } = useAction()
  const [made, setMade] = useState<Application | null>(null)
  const create = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    await act(async ({ send }) => {
      const body: Record<string, unknown> = {
        name: String(given.get('name')).trim(),
        mode,
        description: String(given.get('description')).trim(),
        is_sandbox: given.get('is_sandbox') === 'on',
      }
      if (mode === 'axe') body.extension_digits = Number(given.get('extension_digits'))
      if (tenant) body.tenant_id = tenant.tenant_id
      setMade(await send<Application>('POST', '/applications', { body }))
      await client.invalidateQueries({ queryKey: ['/applications'] })
    })
  }
  if (made) {
    return (
      <SecretDialog
        title={t('secret.title')}
        text={t('secret.text')}
        values={[
          { label: 'APP_Key', value: made.app_key },
          { label: 'APP_Secret', value: made.app_secret ?? '' },
        ]}
        file={`${made.app_key}.txt`}
        onStored={() => {
          onClose()
          void navigate({ to: '/apps/$key', params: { key: made.app_key } } as never)
        }}
      />
    )
  }
  return (
    <Dialog title={t('create.title')} onClose={onClose} testId="apps.createDialog">
      <form ref={form} className="mk-form" onSubmit={(event) => void create(event)}>
        <label>
          {t('field.name')}
          <input name="name" maxLength={64} required data-testid="apps.create.name" />
          <small className="mk-quiet">{t('hint.name')}</small>
        </label>
        <label>
          {t('column.mode')}
          <select
            value={mode}
            data-testid="apps.create.mode"
            onChange={(event) => setMode(event.target.value)}
          >
            {MODES.map((one) => (
              <option key={one} value={one}>
                {t(`mode.${one}`)}
              </option>
            ))}
          </select>
          <small className="mk-quiet">{t('create.fixed')}</small>
        </label>
        {mode === 'axe' && (
          <label>
            {t('field.extension_digits')}
            <input name="extension_digits" type="number" min={1} max={4} defaultValue={4} />
          </label>
        )}
        <label>
          {t('field.description')}
          <input name="description" maxLength={256} />
        </label>
        <label className="apps-flag">
          <input name="is_sandbox" type="checkbox" /> {t('field.is_sandbox')}
        </label>
        {error !== null && <ErrorBox error={error} />}
        <div className="mk-actions">
          <CancelButton />
          <Button type="primary" htmlType="submit" loading={isBusy} data-testid="apps.create.go">
            {t('create.go')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
