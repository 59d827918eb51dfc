import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { ask, type Query } from '@/api/client'
import { ApiError } from '@/api/error'
import { useUrl } from './useUrl'

export const PAGE_SIZES = ['20', '50', '100'] as const
const DEFAULT_SIZE = '50'
/** Cursors are opaque but never hold this sign, which parts those of earlier pages. */
const PARTING = '~'
const MAX_TRAIL = 50

export interface ListOptions {
  params?: Record<string, string>
  /** Ask again by itself while the page is open. */
  everyMs?: number
  isEnabled?: boolean
}

/** One page of a list with its cursors; what DataTable shows. */
export interface List<Row> {
  rows: Row[] | undefined
  error: unknown
  isBusy: boolean
  /** When this was read. */
  at: number
  refetch: () => void
  size: string
  first: number
  hasNext: boolean
  hasPrevious: boolean
  isCursorBad: boolean
  next: () => void
  previous: () => void
  newest: () => void
  resize: (size: string) => void
  request: { path: string; params?: Record<string, string>; query: Query }
}

interface PageOf<Row> {
  items: Row[]
  next?: string | null
}

/** A page of `GET path` with keyset paging. The cursor and those of earlier pages stand in the address. */
export function useList<Row>(
  path: string,
  filters: Query = {},
  options: ListOptions = {},
): List<Row> {
  const [search, change] = useUrl()
  const { after, trail = '', size = DEFAULT_SIZE } = search
  const limit = (PAGE_SIZES as readonly string[]).includes(size) ? size : DEFAULT_SIZE
  const query: Query = { ...filters, limit, after }
  const { data, error, isFetching, refetch, dataUpdatedAt } = useQuery({
    queryKey: [path, options.params, query],
    queryFn: ({ signal }) =>
      ask<PageOf<Row>>('GET', path, { params: options.params, query, signal }),
    placeholderData: keepPreviousData,
    refetchInterval: options.everyMs,
    enabled: options.isEnabled ?? true,
  })
  const earlier = trail ? trail.split(PARTING) : []
  const next = data?.next ?? undefined
  return {
    rows: data?.items,
    error,
    isBusy: isFetching,
    at: dataUpdatedAt,
    refetch: () => void refetch(),
    size: limit,
    first: (after ? earlier.length + 1 : 0) * Number(limit) + 1,
    hasNext: next !== undefined,
    hasPrevious: after !== undefined,
    isCursorBad: error instanceof ApiError && error.field === 'after',
    next: () => {
      const passed = after ? [...earlier, after] : earlier
      change({ after: next, trail: passed.slice(-MAX_TRAIL).join(PARTING) })
    },
    previous: () => change({ after: earlier.at(-1), trail: earlier.slice(0, -1).join(PARTING) }),
    newest: () => change({ after: null, trail: null }),
    resize: (chosen) => change({ size: chosen, after: null, trail: null }),
    request: { path, params: options.params, query },
  }
}
