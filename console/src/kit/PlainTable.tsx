import './plain.css'
import type { ReactNode } from 'react'

export interface PlainColumn<Row> {
  key: string
  title: ReactNode
  render: (row: Row) => ReactNode
}

interface Props<Row> {
  /** What the rows are; read out with the table. */
  label: string
  columns: readonly PlainColumn<Row>[]
  rows: readonly Row[]
  rowId: (row: Row) => string
  testId?: string
}

/** A short list that comes whole: no paging, no choice of columns. */
export function PlainTable<Row>({ label, columns, rows, rowId, testId }: Props<Row>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <section className="mk-plain" tabIndex={0} aria-label={label} data-testid={testId}>
      <table>
        <thead>
          <tr>
            {columns.map(({ key, title }) => (
              <th key={key} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowId(row)} data-id={rowId(row)}>
              {columns.map(({ key, render }) => (
                <td key={key}>{render(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
