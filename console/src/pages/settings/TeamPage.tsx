import './settings.css'
import { Button } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schema } from '@/api/client'
import { useSession } from '@/app/SessionContext'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { PageHead } from '@/kit/PageHead'
import { StateTag } from '@/kit/StateTag'
import { TimeText } from '@/kit/Texts'
import { useList } from '@/kit/useList'
import { useUrl } from '@/kit/useUrl'
import { Invitations } from './Invitations'
import { InviteDialog } from './InviteDialog'
import { UserDrawer } from './UserDrawer'

export type User = Schema<'UserView'>

export const TENANT_ROLES = [
  'owner',
  'administrator',
  'developer',
  'number_operator',
  'support',
  'finance',
] as const
export const STAFF_ROLES = ['operator', 'reviewer'] as const

/** Who works here, and what may each do? */
export default function TeamPage() {
  const { t } = useTranslation(['settings', 'shell'])
  const { tenant } = useSession()
  const list = useList<User>('/users')
  const columns = useUserColumns(tenant === null)
  const [url, change] = useUrl()
  const [isInviting, setInviting] = useState(false)
  const { rows } = list
  const at = rows?.findIndex(({ user_id: id }) => id === url.open) ?? -1
  const open = rows?.[at]
  const go = (row?: User) => row && change({ open: row.user_id }, { replace: true })
  const active = rows?.filter(({ state }) => state === 'active') ?? []
  const bare = active.filter((one) => !one.has_totp).length
  return (
    <>
      <PageHead
        title={t('shell:nav.team')}
        tone={bare ? 'warn' : 'plain'}
        verdict={rows && t('team.verdict', { active: active.length, bare })}
        actions={
          <Button type="primary" data-testid="team.invite" onClick={() => setInviting(true)}>
            {t('invite.open')}
          </Button>
        }
      />
      <DataTable
        id="team"
        caption={t('team.caption')}
        columns={columns}
        list={list}
        rowId={({ user_id: id }) => id}
        openId={url.open}
        onOpen={({ user_id: id }) => change({ open: id })}
      />
      <Invitations />
      {open && (
        <UserDrawer
          key={open.user_id}
          user={open}
          onClose={() => change({ open: null })}
          onNext={() => go(rows?.[at + 1])}
          onPrevious={() => go(rows?.[at - 1])}
        />
      )}
      {isInviting && <InviteDialog onClose={() => setInviting(false)} />}
    </>
  )
}

function useUserColumns(isStaff: boolean): Column<User>[] {
  const { t } = useTranslation(['settings', 'shell'])
  return useMemo(
    () => [
      { key: 'login', title: t('user.login'), isFixed: true, render: ({ login }) => login },
      { key: 'name', title: t('user.name'), render: ({ name }) => name },
      ...(isStaff
        ? [
            {
              key: 'tenant',
              title: t('profile.tenant'),
              render: ({ tenant_id: id }: User) => id ?? t('profile.platform'),
            },
          ]
        : []),
      { key: 'role', title: t('user.role'), render: ({ role }) => t(`shell:role.${role}`) },
      { key: 'state', title: t('user.state'), render: (user) => <UserState user={user} /> },
      {
        key: 'totp',
        title: t('user.totp'),
        render: ({ has_totp: has }) => (
          <StateTag tone={has ? 'ok' : 'warn'}>{t(has ? 'totp.on' : 'totp.off')}</StateTag>
        ),
      },
      {
        key: 'seen',
        title: t('user.seen'),
        render: ({ last_seen_at: at }) => (at ? <TimeText at={at} /> : t('user.never')),
      },
      {
        key: 'since',
        title: t('user.since'),
        render: ({ created_at: at }) => <TimeText at={at} />,
        isExtra: true,
      },
    ],
    [t, isStaff],
  )
}

export function UserState({ user }: { user: User }) {
  const { t } = useTranslation('settings')
  return (
    <>
      <StateTag>{t(`userState.${user.state}`)}</StateTag>
      {user.is_locked && <StateTag tone="warn">{t('user.locked')}</StateTag>}
    </>
  )
}
