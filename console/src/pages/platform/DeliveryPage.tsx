import './platform.css'
import { useTranslation } from 'react-i18next'
import type { Schema } from '@/api/client'
import { AppName } from '@/kit/AppName'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import { Fields } from '@/kit/Fields'
import { formatCount } from '@/kit/format'
import { PageHead } from '@/kit/PageHead'
import { StateTag } from '@/kit/StateTag'
import { TimeText } from '@/kit/Texts'
import { useList } from '@/kit/useList'
import { useOutbox } from './parts'

type Receiver = Schema<'ReceiverView'>

const EVERY_MS = 5_000

/** Do pushes get away, and whose receivers do not take them? */
export default function DeliveryPage() {
  const { t } = useTranslation('platform')
  const outbox = useOutbox()
  const list = useList<Receiver>('/receivers', {}, { everyMs: EVERY_MS })
  const columns = useColumns()
  const told = outbox.data
  const count = list.rows?.length ?? 0
  return (
    <>
      <PageHead
        title={t('delivery.title')}
        tone={outbox.error ? 'unknown' : count > 0 ? 'warn' : 'ok'}
        verdict={
          outbox.error
            ? t('delivery.unknown')
            : list.rows && (count > 0 ? t('delivery.some', { count }) : t('delivery.ok'))
        }
      />
      {told && (
        <section className="mk-card" data-testid="platform.outbox">
          <Fields
            fields={[
              { label: t('delivery.waiting'), value: formatCount(told.waiting) },
              { label: t('delivery.dead'), value: formatCount(told.dead) },
              { label: t('delivery.disabled'), value: formatCount(told.disabled_receivers) },
            ]}
          />
        </section>
      )}
      <DataTable
        id="platform.receivers"
        caption={t('delivery.caption')}
        columns={columns}
        list={list}
        rowId={(one) => `${one.app_key} ${one.purpose}`}
        empty={<EmptyState title={t('delivery.empty')} />}
      />
    </>
  )
}

function useColumns(): Column<Receiver>[] {
  const { t } = useTranslation(['platform', 'kit'])
  return [
    {
      key: 'app',
      title: t('kit:app'),
      render: (one) => <AppName appKey={one.app_key} />,
      isFixed: true,
    },
    {
      key: 'purpose',
      title: t('delivery.purpose'),
      render: (one) => t(`kit:push.purpose.${one.purpose}`, { defaultValue: one.purpose }),
    },
    {
      key: 'state',
      title: t('column.state'),
      render: (one) => (
        <StateTag tone={one.state === 'disabled' ? 'bad' : 'warn'}>
          {t(`delivery.state.${one.state}`, { defaultValue: one.state })}
        </StateTag>
      ),
      isFixed: true,
    },
    { key: 'since', title: t('delivery.since'), render: (one) => <TimeText at={one.since} /> },
    { key: 'url', title: 'URL', render: (one) => <code>{one.url}</code> },
    { key: 'error', title: t('delivery.error'), render: (one) => one.error },
  ]
}
