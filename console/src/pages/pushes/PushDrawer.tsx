import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'
import { DetailDrawer } from '@/kit/DetailDrawer'
import { ErrorBox } from '@/kit/ErrorBox'
import { PushRow } from '@/kit/PushRow'
import { Skeleton } from '@/kit/Skeleton'
import { useUrl } from '@/kit/useUrl'
import type { Push } from './push'
import { useRenewPushes } from './useRepair'

/** The push of the address with its tries and bodies, and all that its message held. */
export function PushDrawer({ rows }: { rows: readonly Push[] }) {
  const { t } = useTranslation(['pushes', 'kit'])
  const [url, change] = useUrl()
  const at = rows.findIndex(({ notice_id }) => notice_id === url.open)
  const push = rows[at]
  if (!push) return null
  const goTo = (place: number) => rows[place] && change({ open: rows[place].notice_id })
  return (
    <DetailDrawer
      title={t(`kit:push.purpose.${push.purpose}`, { defaultValue: push.purpose })}
      testId="pushes.detail"
      onClose={() => change({ open: null })}
      onNext={() => goTo(at + 1)}
      onPrevious={() => goTo(at - 1)}
    >
      <Message key={push.push_id} pushId={push.push_id} />
    </DetailDrawer>
  )
}

function Message({ pushId }: { pushId: string }) {
  const { t } = useTranslation('pushes')
  const renew = useRenewPushes()
  const { data, error, refetch } = useQuery({
    queryKey: ['/pushes', pushId],
    queryFn: () =>
      ask<{ items: Push[] }>('GET', '/pushes/{push_id}', { params: { push_id: pushId } }),
  })
  if (error) return <ErrorBox error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton rows={6} />
  return (
    <>
      {data.items.length > 1 && <p>{t('together', { count: data.items.length })}</p>}
      <ol className="mk-pushes">
        {data.items.map((push) => (
          <PushRow key={push.notice_id} push={push} isOpen onSent={() => void renew()} />
        ))}
      </ol>
    </>
  )
}
