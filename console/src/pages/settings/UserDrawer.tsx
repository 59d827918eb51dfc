import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FormRequests } from '@/api/change'
import { ask, type Schema } from '@/api/client'
import { useSession } from '@/app/SessionContext'
import { toast } from '@/app/toast'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { DetailDrawer } from '@/kit/DetailDrawer'
import { ErrorBox } from '@/kit/ErrorBox'
import { Fields } from '@/kit/Fields'
import { Skeleton } from '@/kit/Skeleton'
import { StateTag } from '@/kit/StateTag'
import { TimeText } from '@/kit/Texts'
import { LinkDialog, useRoles } from './InviteDialog'
import { Sessions, type UserSession } from './Sessions'
import { type User, UserState } from './TeamPage'

interface Props {
  user: User
  onClose: () => void
  onNext: () => void
  onPrevious: () => void
}

const USER = '/users/{user_id}'

/** One person: role, whether they may come in, where they are signed in. */
export function UserDrawer({ user, onClose, onNext, onPrevious }: Props) {
  const { t } = useTranslation(['settings', 'shell'])
  const own = useSession().user
  const isMe = own.user_id === user.user_id
  const isAbove = user.role === 'owner' && own.role === 'administrator'
  return (
    <DetailDrawer
      title={user.name || user.login}
      onClose={onClose}
      onNext={onNext}
      onPrevious={onPrevious}
      testId="team.drawer"
    >
      <Fields
        fields={[
          { label: t('user.login'), value: user.login },
          { label: t('user.role'), value: t(`shell:role.${user.role}`) },
          { label: t('user.state'), value: <UserState user={user} /> },
          {
            label: t('user.totp'),
            value: (
              <StateTag tone={user.has_totp ? 'ok' : 'warn'}>
                {t(user.has_totp ? 'totp.on' : 'totp.off')}
              </StateTag>
            ),
          },
          { label: t('user.seen'), value: <TimeText at={user.last_seen_at} /> },
          { label: t('user.since'), value: <TimeText at={user.created_at} /> },
        ]}
      />
      {isMe && <p className="mk-quiet">{t('user.isMe')}</p>}
      {isAbove && <p className="mk-quiet">{t('user.isAbove')}</p>}
      {!isMe && !isAbove && <Actions user={user} />}
      <SessionsOf user={user} />
    </DetailDrawer>
  )
}

function Actions({ user }: { user: User }) {
  const { t } = useTranslation(['settings', 'shell'])
  const client = useQueryClient()
  const roles = useRoles(user.tenant_id !== null)
  const [role, setRole] = useState<string>(user.role)
  const [removesTotp, setRemovesTotp] = useState(false)
  const [link, setLink] = useState<Schema<'LinkView'> | null>(null)
  const params = { user_id: user.user_id }
  const change = async ({ edit }: FormRequests, body: Partial<User>) => {
    await edit(USER, { params, before: user, body })
    await client.invalidateQueries({ queryKey: ['/users'] })
    toast(t('saved'))
  }
  const isDisabled = user.state === 'disabled'
  const verb = isDisabled ? 'enable' : 'disable'
  const reset = async ({ send }: FormRequests) => {
    const body = { removes_totp: removesTotp }
    setLink(await send('POST', `${USER}/reset`, { params, body }))
    await client.invalidateQueries({ queryKey: ['/invitations'] })
  }
  const unlock = async () => {
    await ask('POST', `${USER}/unlock`, { params })
    await client.invalidateQueries({ queryKey: ['/users'] })
  }
  return (
    <div className="mk-form">
      <label>
        {t('user.role')}
        <select
          value={role}
          data-testid="team.role"
          onChange={(event) => setRole(event.target.value)}
        >
          {roles.map((one) => (
            <option key={one} value={one}>
              {t(`shell:role.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <div>
        <ConfirmButton
          label={t('user.changeRole', { role: t(`shell:role.${role}`) })}
          level={3}
          disabled={role === user.role}
          reason={t('user.sameRole')}
          effect={t('user.changeRoleEffect', { name: user.name || user.login })}
          testId="team.changeRole"
          onConfirm={(requests) => change(requests, { role: role as User['role'] })}
        />
      </div>
      <label className="settings-mark">
        <input
          type="checkbox"
          checked={removesTotp}
          onChange={(event) => setRemovesTotp(event.target.checked)}
        />
        {t('reset.totp')}
      </label>
      <div className="mk-actions">
        <ConfirmButton
          label={t('reset.go')}
          level={3}
          effect={t('reset.effect', { name: user.name || user.login })}
          onConfirm={reset}
        />
        {user.is_locked && (
          <ConfirmButton
            label={t('user.unlock')}
            level={1}
            effect={t('user.unlockEffect')}
            onConfirm={unlock}
          />
        )}
        <ConfirmButton
          label={t(`user.${verb}`, { name: user.name || user.login })}
          level={3}
          danger={!isDisabled}
          effect={t(`user.${verb}Effect`)}
          testId="team.disable"
          onConfirm={(requests) => change(requests, { state: isDisabled ? 'active' : 'disabled' })}
        />
      </div>
      {link && <LinkDialog made={link} onStored={() => setLink(null)} />}
    </div>
  )
}

function SessionsOf({ user }: { user: User }) {
  const { t } = useTranslation('settings')
  const client = useQueryClient()
  const params = { user_id: user.user_id }
  const key = ['/users', user.user_id, 'sessions']
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: () => ask<{ items: UserSession[] }>('GET', `${USER}/sessions`, { params }),
  })
  const end = async (id: string) => {
    await ask('DELETE', `${USER}/sessions/{session_id}`, { params: { ...params, session_id: id } })
    await client.invalidateQueries({ queryKey: key })
  }
  const endAll = async () => {
    await ask('DELETE', `${USER}/sessions`, { params })
    await client.invalidateQueries({ queryKey: key })
  }
  const others = data?.items.filter(({ is_this: isThis }) => !isThis) ?? []
  return (
    <section>
      <h3>{t('session.title')}</h3>
      {error && !data && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton rows={2} />}
      {data && <Sessions sessions={data.items} onEnd={end} />}
      {others.length > 1 && (
        <ConfirmButton
          label={t('session.endAll')}
          level={1}
          effect={t('session.endEffect')}
          onConfirm={endAll}
        />
      )}
    </section>
  )
}
