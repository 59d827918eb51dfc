import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import type { Search } from '@/app/url'

export type Patch = Record<string, string | null | undefined>

/** The search parameters of the address, and a way to change some of them. */
export function useUrl(): [Search, (patch: Patch, options?: { replace?: boolean }) => void] {
  const search = useSearch({ strict: false }) as Search
  const navigate = useNavigate()
  const change = useCallback(
    (patch: Patch, { replace = false } = {}) => {
      void navigate({
        to: '.',
        search: (before: Search) => ({ ...before, ...patch }),
        replace,
        resetScroll: false,
      } as never)
    },
    [navigate],
  )
  return [search, change]
}

/** A parameter of the path: `session` of `/calls/$session`. */
export function usePathParam(name: string): string {
  const params = useParams({ strict: false }) as Record<string, string | undefined>
  return params[name] ?? ''
}
