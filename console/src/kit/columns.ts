import type { ReactNode } from 'react'
import { Stored, useStored } from '@/app/stored'
import { useUrl } from './useUrl'

export interface Column<Row> {
  key: string
  title: ReactNode
  render: (row: Row) => ReactNode
  /** Can't be left out. */
  isFixed?: boolean
  /** Left out until somebody asks for it. */
  isExtra?: boolean
  align?: 'start' | 'end'
  /** CSS width, such as `12ch`. */
  width?: string
}

const sets = new Map<string, Stored<string>>()

function storedSet(id: string): Stored<string> {
  const known = sets.get(id) ?? new Stored<string>(`columns.${id}`, '')
  sets.set(id, known)
  return known
}

/** The columns that are shown: those of the address, else of this browser, else the usual ones. */
export function useColumns<Row>(id: string, all: readonly Column<Row>[]) {
  const [search, change] = useUrl()
  const [kept, keep] = useStored(storedSet(id))
  const chosen = (search.cols ?? kept).split(',').filter(Boolean)
  const isShown = (column: Column<Row>) =>
    column.isFixed || (chosen.length ? chosen.includes(column.key) : !column.isExtra)
  const shown = all.filter(isShown)
  const toggle = (key: string) => {
    const keys = all
      .filter((column) => (column.key === key ? !isShown(column) : isShown(column)))
      .map((column) => column.key)
      .join(',')
    keep(keys)
    change({ cols: keys }, { replace: true })
  }
  return { shown, isShown, toggle }
}
