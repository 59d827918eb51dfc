import { useMemo } from 'react'
import type { Query } from '@/api/client'
import { useUrl } from './useUrl'

/** One filter of a list. Its value stands in the address under `name` and goes to the API as it is. */
export type Filter =
  | { name: string; label: string; kind: 'text'; placeholder?: string }
  | {
      name: string
      label: string
      kind: 'choice'
      options: readonly { value: string; label: string }[]
    }
  | { name: string; label: string; kind: 'flag' }
  /** Asked for by exact match, through an opaque token: never in the address, see NumberFilter. */
  | { name: 'who'; label: string; kind: 'number' }
  | { name: 'range'; label: string; kind: 'range'; usual: RangeName; from?: string; until?: string }

export const RANGES = { '1h': 1, '24h': 24, '7d': 168, '31d': 744, '2y': 17_520 } as const
export type RangeName = keyof typeof RANGES

const MINUTE_MS = 60_000

/** The filters of the address as a query for the API; a relative range becomes instants, by the minute. */
export function useFilters(filters: readonly Filter[]) {
  const [search, change] = useUrl()
  const minute = Math.ceil(Date.now() / MINUTE_MS)
  const query = useMemo(() => {
    const made: Query = {}
    for (const filter of filters) {
      if (filter.kind !== 'range') made[filter.name] = search[filter.name]
      else Object.assign(made, rangeQuery(filter, search, minute))
    }
    return made
  }, [filters, search, minute])
  const set = (patch: Record<string, string | null>) =>
    change({ ...patch, after: null, trail: null })
  const active = filters.filter(({ name, kind }) => search[name] && kind !== 'range')
  const clear = () => set(Object.fromEntries(active.map(({ name }) => [name, null])))
  return { query, values: search, set, active, clear }
}

export type Filters = ReturnType<typeof useFilters>

function rangeQuery(
  filter: Extract<Filter, { kind: 'range' }>,
  search: Record<string, string>,
  minute: number,
): Query {
  const { from: fromName = 'from', until: untilName = 'until' } = filter
  if (search.from || search.until) return { [fromName]: search.from, [untilName]: search.until }
  const name = (search.range && search.range in RANGES ? search.range : filter.usual) as RangeName
  const start = minute * MINUTE_MS - RANGES[name] * 60 * MINUTE_MS
  return { [fromName]: new Date(start).toISOString() }
}
