import { useTranslation } from 'react-i18next'
import type { Schema } from '@/api/client'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { PlainTable } from '@/kit/PlainTable'
import { StateTag } from '@/kit/StateTag'
import { NONE, TimeText } from '@/kit/Texts'

export type UserSession = Schema<'UserSessionView'>

interface Props {
  sessions: readonly UserSession[]
  onEnd: (id: string) => Promise<unknown>
}

/** Where somebody is signed in. */
export function Sessions({ sessions, onEnd }: Props) {
  const { t } = useTranslation('settings')
  if (sessions.length === 0) return t('session.none')
  return (
    <PlainTable
      label={t('session.label')}
      rows={sessions}
      rowId={({ session_id: id }) => id}
      columns={[
        {
          key: 'browser',
          title: t('session.browser'),
          render: ({ user_agent: agent }) => <span title={agent}>{browserOf(agent) || NONE}</span>,
        },
        { key: 'address', title: t('session.address'), render: ({ address }) => address || NONE },
        {
          key: 'used',
          title: t('session.used'),
          render: ({ used_at: at }) => <TimeText at={at} />,
        },
        {
          key: 'since',
          title: t('session.since'),
          render: ({ created_at: at }) => <TimeText at={at} />,
        },
        {
          key: 'end',
          title: t('action'),
          render: ({ is_this: isThis, session_id: id }) =>
            isThis ? (
              <StateTag tone="ok">{t('session.this')}</StateTag>
            ) : (
              <ConfirmButton
                label={t('session.end')}
                level={1}
                size="small"
                effect={t('session.endEffect')}
                onConfirm={() => onEnd(id)}
              />
            ),
        },
      ]}
    />
  )
}

/** `Firefox 140, Linux` of what browsers say of themselves, which is long and mostly of old. */
function browserOf(agent: string): string {
  const found = /(Edg|Firefox|Chrome|Version)\/(\d+)/.exec(
    agent.replace(/Chrome\/\S+(?=.*Edg\/)/, ''),
  )
  if (!found) return agent.slice(0, 60)
  const names: Record<string, string> = { Edg: 'Edge', Version: 'Safari' }
  const system = /Windows|Android|iPhone|iPad|Mac OS X|Linux/.exec(agent)?.[0] ?? ''
  const name = names[found[1] ?? ''] ?? found[1]
  return [`${name} ${found[2]}`, system].filter(Boolean).join(', ')
}
