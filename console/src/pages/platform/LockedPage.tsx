import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ask, type Schema } from '@/api/client'
import { toast } from '@/app/toast'
import { ConfirmButton } from '@/kit/ConfirmButton'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import { formatCount } from '@/kit/format'
import { PageHead } from '@/kit/PageHead'
import { TimeText } from '@/kit/Texts'
import { useList } from '@/kit/useList'

type Lockout = Schema<'LockoutView'>

const EVERY_MS = 5_000

/** Which addresses are refused for a while, and letting them in again. */
export default function LockedPage() {
  const { t } = useTranslation('platform')
  const list = useList<Lockout>('/lockouts', {}, { everyMs: EVERY_MS })
  const columns = useColumns()
  const count = list.rows?.length ?? 0
  return (
    <>
      <PageHead
        title={t('locked.title')}
        tone={count > 0 ? 'warn' : 'ok'}
        verdict={list.rows && (count > 0 ? t('locked.some', { count }) : t('locked.none'))}
      />
      <DataTable
        id="platform.locked"
        caption={t('locked.caption')}
        columns={columns}
        list={list}
        rowId={(one) => `${one.interface} ${one.address}`}
        empty={<EmptyState title={t('locked.empty')}>{t('locked.emptyWhy')}</EmptyState>}
      />
    </>
  )
}

function useColumns(): Column<Lockout>[] {
  const { t } = useTranslation('platform')
  return [
    {
      key: 'address',
      title: t('column.address'),
      render: (one) => <code>{one.address}</code>,
      isFixed: true,
    },
    {
      key: 'interface',
      title: t('locked.interface'),
      render: (one) => t(`locked.interfaces.${one.interface}`, { defaultValue: one.interface }),
    },
    {
      key: 'failures',
      title: t('locked.failures'),
      render: (one) => formatCount(one.failures),
      align: 'end',
    },
    { key: 'until', title: t('locked.until'), render: (one) => <TimeText at={one.until} /> },
    {
      key: 'release',
      title: t('column.action'),
      render: (one) => <Release address={one.address} />,
      isFixed: true,
    },
  ]
}

function Release({ address }: { address: string }) {
  const { t } = useTranslation('platform')
  const client = useQueryClient()
  return (
    <ConfirmButton
      label={t('locked.release', { address })}
      level={1}
      size="small"
      effect={<p>{t('locked.effect')}</p>}
      testId="platform.locked.release"
      onConfirm={async () => {
        await ask('DELETE', '/lockouts/{address}', { params: { address } })
        await client.invalidateQueries({ queryKey: ['/lockouts'] })
        toast(t('locked.done', { address }))
      }}
    />
  )
}
