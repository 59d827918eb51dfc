import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { DataTable } from '@/kit/DataTable'
import { EmptyState } from '@/kit/EmptyState'
import { ExportButton } from '@/kit/ExportButton'
import { FilterBar } from '@/kit/FilterBar'
import { PageHead } from '@/kit/PageHead'
import { useAppFilter } from '@/kit/useAppFilter'
import { type Filter, useFilters } from '@/kit/useFilters'
import { useList } from '@/kit/useList'
import { useUrl } from '@/kit/useUrl'
import { useMessageColumns } from './columns'
import { MessageDrawer } from './MessageDrawer'
import { type Message, RESULTS } from './message'

/** Was it delivered? Short messages without their texts. */
export default function MessagesPage() {
  const { t } = useTranslation(['messages', 'kit'])
  const app = useAppFilter()
  const choices = useMemo<Filter[]>(
    () => [
      {
        name: 'range',
        label: t('column.time'),
        kind: 'range',
        usual: '24h',
        from: 'since',
        until: 'until',
      },
      app,
      {
        name: 'result',
        label: t('column.result'),
        kind: 'choice',
        options: RESULTS.map((value) => ({ value, label: t(`result.${value}`) })),
      },
      {
        name: 'state',
        label: t('column.state'),
        kind: 'choice',
        options: (['asking', 'waiting', 'done'] as const).map((value) => ({
          value,
          label: t(`state.${value}`),
        })),
      },
      { name: 'x', label: t('filter.x'), kind: 'text', placeholder: '+86170…' },
      { name: 'who', label: t('filter.who'), kind: 'number' },
    ],
    [t, app],
  )
  const filters = useFilters(choices)
  const list = useList<Message>('/messages', filters.query)
  const columns = useMessageColumns()
  const [url, change] = useUrl()
  const rows = list.rows ?? []
  const at = rows.findIndex(({ message_id }) => message_id === url.open)
  const goTo = (place: number) => rows[place] && change({ open: rows[place].message_id })
  return (
    <>
      <PageHead
        title={t('title')}
        verdict={t('verdict')}
        actions={<ExportButton kind="messages" filter={filters.query} />}
      />
      <FilterBar area="messages" filters={choices} state={filters} />
      <DataTable
        id="messages"
        caption={t('caption')}
        columns={columns}
        list={list}
        rowId={({ message_id }) => message_id}
        onOpen={({ message_id }) => change({ open: message_id })}
        openId={url.open}
        empty={<EmptyState title={t('empty')}>{t('emptyWhy')}</EmptyState>}
      />
      {url.open && (
        <MessageDrawer
          key={url.open}
          id={url.open}
          onClose={() => change({ open: null })}
          onNext={() => goTo(at + 1)}
          onPrevious={() => goTo(at - 1)}
        />
      )}
    </>
  )
}
