import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ask, type Schema } from '@/api/client'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { ErrorBox } from '@/kit/ErrorBox'
import { PlainTable } from '@/kit/PlainTable'
import { TimeText } from '@/kit/Texts'

/** Links that are good now: who was invited and has not come yet. */
export function Invitations() {
  const { t } = useTranslation(['settings', 'shell'])
  const client = useQueryClient()
  const { data, error, refetch } = useQuery({
    queryKey: ['/invitations'],
    queryFn: () => ask<{ items: Schema<'LinkView'>[] }>('GET', '/invitations'),
  })
  const takeBack = async (id: string) => {
    await ask('DELETE', '/invitations/{invitation_id}', { params: { invitation_id: id } })
    await client.invalidateQueries({ queryKey: ['/invitations'] })
  }
  return (
    <section className="mk-card" data-testid="team.invitations">
      <h2>{t('invitations.title')}</h2>
      {error && !data && <ErrorBox error={error} onRetry={() => void refetch()} />}
      {data?.items.length === 0 && <p className="mk-quiet">{t('invitations.none')}</p>}
      {data && data.items.length > 0 && (
        <PlainTable
          label={t('invitations.title')}
          rows={data.items}
          rowId={({ invitation_id: id }) => id}
          columns={[
            { key: 'login', title: t('user.login'), render: ({ login }) => login },
            {
              key: 'purpose',
              title: t('link.purpose'),
              render: ({ purpose }) => t(`link.of.${purpose}`),
            },
            { key: 'role', title: t('user.role'), render: ({ role }) => t(`shell:role.${role}`) },
            { key: 'by', title: t('link.by'), render: ({ made_by: by }) => by },
            {
              key: 'until',
              title: t('link.until'),
              render: ({ expires_at: at }) => <TimeText at={at} />,
            },
            {
              key: 'back',
              title: t('action'),
              render: ({ invitation_id: id, login }) => (
                <ConfirmButton
                  label={t('link.takeBack')}
                  level={1}
                  size="small"
                  effect={t('link.takeBackEffect', { login })}
                  onConfirm={() => takeBack(id)}
                />
              ),
            },
          ]}
        />
      )}
    </section>
  )
}
