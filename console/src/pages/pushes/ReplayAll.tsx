import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Query } from '@/api/client'
import { ReplayDialog } from './ReplayDialog'

const NAMES = ['app_key', 'purpose', 'session_id', 'push_id', 'since', 'until'] as const

/** Replays every dead letter that the filters of the list mean, on all its pages. */
export function ReplayAll({ query, isEmpty }: { query: Query; isEmpty: boolean }) {
  const { t } = useTranslation('pushes')
  const [isOpen, setOpen] = useState(false)
  const reason = query.result ? t('replay.noResult') : undefined
  const given = NAMES.map((name) => [name, query[name]]).filter(([, value]) => value)
  return (
    <>
      {reason && !isEmpty && <span className="mk-quiet">{reason}</span>}
      <Button
        disabled={isEmpty || reason !== undefined}
        title={reason}
        data-testid="pushes.replay.all"
        onClick={() => setOpen(true)}
      >
        {t('replay.all')}
      </Button>
      {isOpen && <ReplayDialog wanted={Object.fromEntries(given)} onClose={() => setOpen(false)} />}
    </>
  )
}
