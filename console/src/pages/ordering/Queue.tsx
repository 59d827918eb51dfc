import './ordering.css'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Column } from '@/kit/columns'
import { DataTable } from '@/kit/DataTable'
import { DetailDrawer } from '@/kit/DetailDrawer'
import { EmptyState } from '@/kit/EmptyState'
import { FilterBar } from '@/kit/FilterBar'
import { PageHead } from '@/kit/PageHead'
import { ReviewTabs } from '@/kit/ReviewTabs'
import { TimeText } from '@/kit/Texts'
import { type Filter, useFilters } from '@/kit/useFilters'
import { useList } from '@/kit/useList'
import { useUrl } from '@/kit/useUrl'

const EVERY_MS = 15_000

interface Row {
  state?: string | null
  since?: string | null
  urged_at?: string | null
  tenant_id: string
}

interface Props<One extends Row> {
  of: 'activation' | 'enterprise' | 'order'
  path: string
  states: readonly string[]
  /** What is shown first: what waits for somebody here. */
  waiting: string
  columns: Column<One>[]
  rowId: (row: One) => string
  title: (row: One) => ReactNode
  detail: (row: One, next: () => void) => ReactNode
}

/** What waits for me, the longest first? After each decision the next one opens. */
export function Queue<One extends Row>(props: Props<One>) {
  const { of, path, states, waiting, columns, rowId, title, detail } = props
  const { t } = useTranslation('ordering')
  const choices: Filter[] = [
    {
      name: 'state',
      label: t('column.state'),
      kind: 'choice',
      options: states.map((value) => ({ value, label: t(`state.${value}`) })),
    },
  ]
  const filters = useFilters(choices)
  const state = filters.query.state || waiting
  const query = { ...filters.query, state, oldest_first: state === waiting }
  const list = useList<One>(path, query, { everyMs: EVERY_MS })
  const [url, change] = useUrl()
  const rows = list.rows ?? []
  const at = rows.findIndex((row) => rowId(row) === url.open)
  const open = rows[at]
  const go = (row?: One) => change({ open: row ? rowId(row) : null }, { replace: true })
  const urged = rows.filter((row) => row.urged_at).length
  const tenant: Column<One> = {
    key: 'tenant',
    title: t('column.tenant'),
    render: (row) => <code>{row.tenant_id}</code>,
  }
  return (
    <>
      <PageHead
        title={t(`review.title.${of}`)}
        tone={urged && state === waiting ? 'warn' : 'plain'}
        verdict={
          list.rows &&
          (state !== waiting ? (
            t('review.others', { state: t(`state.${state}`) })
          ) : rows.length ? (
            <>
              {t('review.waiting', { n: `${rows.length}${list.hasNext ? '+' : ''}`, urged })}{' '}
              {t('review.oldest')} <TimeText at={rows[0]?.since} />
            </>
          ) : (
            t('review.none')
          ))
        }
      />
      <ReviewTabs />
      <FilterBar area="reviews" filters={choices} state={filters} />
      <DataTable
        id={`reviews.${of}`}
        caption={t(`review.title.${of}`)}
        columns={[...columns.slice(0, 1), tenant, ...columns.slice(1)]}
        list={list}
        rowId={rowId}
        openId={url.open}
        onOpen={go}
        empty={<EmptyState title={t('review.none')} />}
      />
      {open && (
        <DetailDrawer
          title={title(open)}
          testId="reviews.drawer"
          onClose={() => go()}
          onNext={() => rows[at + 1] && go(rows[at + 1])}
          onPrevious={() => rows[at - 1] && go(rows[at - 1])}
        >
          <div key={rowId(open)}>{detail(open, () => go(rows[at + 1] ?? rows[at - 1]))}</div>
        </DetailDrawer>
      )}
    </>
  )
}
