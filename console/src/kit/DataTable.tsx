import './table.css'
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { ColumnChoice } from './ColumnChoice'
import { CopyCurl } from './CopyCurl'
import { type Column, useColumns } from './columns'
import { EmptyState } from './EmptyState'
import { ErrorBox } from './ErrorBox'
import { Pager } from './Pager'
import { Skeleton } from './Skeleton'
import { TableBody } from './TableBody'
import type { List } from './useList'
import type { Selection } from './useSelection'

interface Props<Row> {
  /** `<area>.<list>`: names the column set and the test ids. */
  id: string
  /** What the rows are and how they are sorted; read out with the table. */
  caption: string
  columns: readonly Column<Row>[]
  list: List<Row>
  /** The opaque id of a row; never a real number. */
  rowId: (row: Row) => string
  onOpen?: (row: Row) => void
  /** The id of the row whose detail is open. */
  openId?: string
  selection?: Selection
  /** What can be done with the selected rows. */
  bulk?: (ids: readonly string[]) => ReactNode
  empty?: ReactNode
}

/** The one table: a page of rows, its columns, selection, paging, and what stands there instead of rows. */
export function DataTable<Row>(props: Props<Row>) {
  const { id, caption, columns, list, selection, bulk, empty } = props
  const { t } = useTranslation('kit')
  const heading = useId()
  const { shown, isShown, toggle } = useColumns(id, columns)
  if (list.isCursorBad) {
    return (
      <EmptyState
        title={t('table.badCursor')}
        action={
          <button type="button" className="mk-button" onClick={list.newest}>
            {t('table.newest')}
          </button>
        }
      />
    )
  }
  if (list.rows === undefined) {
    return list.error ? (
      <ErrorBox error={list.error} onRetry={list.refetch} />
    ) : (
      <Skeleton rows={8} />
    )
  }
  const isEmpty = list.rows.length === 0
  return (
    <div className="mk-table" data-testid={`${id}.table`} aria-busy={list.isBusy}>
      {list.error !== null && list.error !== undefined && (
        <ErrorBox error={list.error} title={t('table.old')} onRetry={list.refetch} />
      )}
      <div className="mk-table-bar">
        {selection && selection.ids.length > 0 && (
          <div className="mk-bulk" data-testid={`${id}.bulk`}>
            <span role="status">{t('table.selected', { count: selection.ids.length })}</span>
            {bulk?.(selection.ids)}
            <button type="button" className="mk-button is-quiet" onClick={selection.clear}>
              {t('table.clear')}
            </button>
          </div>
        )}
        <span className="mk-table-tools">
          <CopyCurl path={list.request.path} asking={list.request} />
          <ColumnChoice columns={columns} isShown={isShown} onToggle={toggle} />
        </span>
      </div>
      <div className={list.isBusy ? 'mk-progress is-on' : 'mk-progress'} />
      {isEmpty ? (
        (empty ?? <EmptyState title={t('table.empty')} />)
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
        <section className="mk-scroll" tabIndex={0} aria-labelledby={heading}>
          <table>
            <caption id={heading}>{caption}</caption>
            <TableBody {...props} rows={list.rows} shown={shown} />
          </table>
        </section>
      )}
      <Pager list={list} />
    </div>
  )
}
