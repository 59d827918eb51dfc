import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Schema } from '@/api/client'
import { useSession } from '@/app/SessionContext'
import { CancelButton, Dialog } from '@/kit/Dialog'
import { ErrorBox } from '@/kit/ErrorBox'
import { SecretDialog } from '@/kit/SecretDialog'
import { useAction } from '@/kit/useAction'
import { STAFF_ROLES, TENANT_ROLES } from './TeamPage'

/** The roles that whoever is signed in may give to people of a tenant, or of the platform. */
export function useRoles(isOfTenant: boolean): readonly string[] {
  const { user, tenant } = useSession()
  if (!isOfTenant) return STAFF_ROLES
  return TENANT_ROLES.filter((role) => role !== 'owner' || !tenant || user.role === 'owner')
}

/** Every tenant, for staff who invite somebody's first owner. */
function useTenants(isEnabled: boolean) {
  const query = { limit: 500 }
  return useQuery({
    queryKey: ['/tenants', undefined, query],
    queryFn: () => ask<{ items: Schema<'TenantView'>[] }>('GET', '/tenants', { query }),
    enabled: isEnabled,
  })
}

/** Makes a link for somebody; no mail is sent, so it is handed over as people trust to. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['settings', 'shell', 'kit'])
  const client = useQueryClient()
  const { tenant } = useSession()
  const [whose, setWhose] = useState('')
  const { data: tenants } = useTenants(tenant === null)
  const roles = useRoles(tenant !== null || whose !== '')
  const { isBusy, error, act, form } = useAction()
  const [made, setMade] = useState<Schema<'LinkView'> | null>(null)
  const invite = async (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    await act(async ({ send }) => {
      const body: Record<string, string> = Object.fromEntries(
        ['login', 'name', 'role'].map((name) => [name, String(given.get(name)).trim()]),
      )
      if (whose) body.tenant_id = whose
      setMade(await send('POST', '/invitations', { body }))
      await client.invalidateQueries({ queryKey: ['/invitations'] })
    })
  }
  if (made) return <LinkDialog made={made} onStored={onClose} />
  return (
    <Dialog title={t('invite.title')} onClose={onClose} testId="team.inviteDialog">
      <form ref={form} className="mk-form" onSubmit={(event) => void invite(event)}>
        <label>
          {t('user.login')}
          <input name="login" maxLength={64} required autoComplete="off" />
        </label>
        <label>
          {t('user.name')}
          <input name="name" maxLength={64} required autoComplete="off" />
        </label>
        {!tenant && (
          <label>
            {t('profile.tenant')}
            <select value={whose} onChange={(event) => setWhose(event.target.value)}>
              <option value="">{t('profile.platform')}</option>
              {tenants?.items.map(({ tenant_id: id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        <label>
          {t('user.role')}
          <select key={whose} name="role" defaultValue={roles.at(-1)}>
            {roles.map((role) => (
              <option key={role} value={role}>
                {t(`shell:role.${role}`)}
              </option>
            ))}
          </select>
        </label>
        {error !== null && <ErrorBox error={error} />}
        <div className="mk-actions">
          <CancelButton />
          <Button type="primary" htmlType="submit" loading={isBusy} data-testid="team.invite.go">
            {t('invite.go')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** A link that is shown once. */
export function LinkDialog({ made, onStored }: { made: Schema<'LinkView'>; onStored: () => void }) {
  const { t } = useTranslation('settings')
  return (
    <SecretDialog
      title={t(`link.title.${made.purpose}`)}
      text={t('link.text')}
      values={[
        { label: t('user.login'), value: made.login },
        { label: t('link.link'), value: made.link ?? '' },
      ]}
      file={`${made.login}.txt`}
      onStored={onStored}
    />
  )
}
