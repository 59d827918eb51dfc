import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Column } from './columns'

interface Props<Row> {
  columns: readonly Column<Row>[]
  isShown: (column: Column<Row>) => boolean
  onToggle: (key: string) => void
}

export function ColumnChoice<Row>({ columns, isShown, onToggle }: Props<Row>) {
  const { t } = useTranslation('kit')
  const id = useId()
  return (
    <>
      <button
        type="button"
        className="mk-button"
        popoverTarget={id}
        data-testid="kit.table.columns"
      >
        {t('table.columns')}
      </button>
      <div id={id} popover="auto" className="mk-popover">
        <fieldset className="mk-checks">
          <legend>{t('table.columns')}</legend>
          {columns.map((column) => (
            <label key={column.key}>
              <input
                type="checkbox"
                checked={isShown(column)}
                disabled={column.isFixed}
                onChange={() => onToggle(column.key)}
              />
              {column.title}
            </label>
          ))}
        </fieldset>
      </div>
    </>
  )
}
