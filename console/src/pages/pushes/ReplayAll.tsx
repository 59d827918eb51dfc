import { useTranslation } from 'react-i18next'
import type { Query } from '@/api/client'
import { toast } from '@/app/toast'
import { ConfirmButton } from '@/kit/ConfirmButton'
import { replay, useRenewPushes } from './useRepair'

const MOST = 1_000

/** Replays whatever the filters show, up to a thousand at a time, the oldest first. */
export function ReplayAll({ query, isEmpty }: { query: Query; isEmpty: boolean }) {
  const { t } = useTranslation('pushes')
  const renew = useRenewPushes()
  const { result, ...wanted } = query
  const isNamed = Boolean(query.app_key || query.session_id || query.push_id)
  const reason = result ? t('replay.noResult') : isNamed ? undefined : t('replay.needsApp')
  const run = async () => {
    const body = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value))
    const { replayed, left } = await replay({ ...body, limit: MOST })
    await renew()
    toast(
      left > 0
        ? t('replay.more', { count: replayed, left })
        : t('replay.done', { count: replayed }),
    )
  }
  return (
    <>
      {reason && !isEmpty && <span className="mk-quiet">{reason}</span>}
      <ConfirmButton
        label={t('replay.all')}
        level={2}
        effect={
          <>
            <p>{t('replay.allEffect', { count: MOST })}</p>
            <p>{t('replay.effect')}</p>
          </>
        }
        disabled={isEmpty || reason !== undefined}
        reason={reason}
        testId="pushes.replay.all"
        onConfirm={run}
      />
    </>
  )
}
