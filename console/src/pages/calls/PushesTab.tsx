import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ask, type Schema } from '@/api/client'
import { EmptyState } from '@/kit/EmptyState'
import { ErrorBox } from '@/kit/ErrorBox'
import { PushRow } from '@/kit/PushRow'
import { Skeleton } from '@/kit/Skeleton'

type Push = Schema<'PushView'>

/** What the customer's servers were told of this call, try by try. */
export function PushesTab({ session, beat }: { session: string; beat: number }) {
  const { t } = useTranslation('calls')
  const client = useQueryClient()
  const { data, error, refetch } = useQuery({
    queryKey: ['/calls', session, 'pushes', beat],
    queryFn: () =>
      ask<{ items: Push[] }>('GET', '/calls/{session_id}/pushes', {
        params: { session_id: session },
      }),
    placeholderData: (before) => before,
  })
  if (error) return <ErrorBox error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton rows={6} />
  if (data.items.length === 0) {
    return <EmptyState title={t('pushes.none')}>{t('pushes.noneWhy')}</EmptyState>
  }
  return (
    <ol className="mk-pushes" data-testid="call.pushes">
      {data.items.map((push) => (
        <PushRow
          key={push.notice_id}
          push={push}
          onSent={() => {
            void refetch()
            void client.invalidateQueries({ queryKey: ['/pushes'] })
          }}
        />
      ))}
    </ol>
  )
}
