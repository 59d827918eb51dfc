import { useTranslation } from 'react-i18next'
import type { Column } from './columns'
import type { Selection } from './useSelection'

interface Props<Row> {
  id: string
  rows: readonly Row[]
  shown: readonly Column<Row>[]
  rowId: (row: Row) => string
  onOpen?: (row: Row) => void
  openId?: string
  selection?: Selection
}

/** Head and rows. A row opens by a click anywhere or by the button at its end. */
export function TableBody<Row>({ id, rows, shown, rowId, onOpen, openId, selection }: Props<Row>) {
  const { t } = useTranslation('kit')
  const ids = rows.map(rowId)
  return (
    <>
      <thead>
        <tr>
          {selection && (
            <th scope="col" className="mk-tick">
              <input
                type="checkbox"
                aria-label={t('table.all')}
                checked={ids.every((one) => selection.has(one))}
                onChange={() => selection.toggleAll(ids)}
              />
            </th>
          )}
          {shown.map((column) => (
            <th
              key={column.key}
              scope="col"
              style={{ width: column.width, textAlign: column.align }}
            >
              {column.title}
            </th>
          ))}
          {onOpen && (
            <th scope="col">
              <span className="mk-visually-hidden">{t('table.open')}</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const one = rowId(row)
          return (
            <tr
              key={one}
              data-testid={`${id}.row`}
              data-id={one}
              className={one === openId ? 'is-open' : undefined}
              onClick={onOpen && ((event) => isOnControl(event.target) || onOpen(row))}
            >
              {selection && (
                <td className="mk-tick">
                  <input
                    type="checkbox"
                    aria-label={t('table.select')}
                    checked={selection.has(one)}
                    onChange={() => selection.toggle(one)}
                  />
                </td>
              )}
              {shown.map((column) => (
                <td key={column.key} style={{ textAlign: column.align }}>
                  {column.render(row)}
                </td>
              ))}
              {onOpen && (
                <td className="mk-open">
                  <button
                    type="button"
                    className="mk-button is-quiet"
                    aria-current={one === openId || undefined}
                    onClick={() => onOpen(row)}
                  >
                    {t('table.open')}
                  </button>
                </td>
              )}
            </tr>
          )
        })}
      </tbody>
    </>
  )
}

function isOnControl(target: EventTarget): boolean {
  const isText = window.getSelection()?.toString() !== ''
  return isText || (target as HTMLElement).closest('a, button, input, label, dialog') !== null
}
