import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Schema } from '@/api/client'
import { useRight } from '@/app/SessionContext'
import { IdText, NONE } from './Texts'
import type { Filter } from './useFilters'

type Application = Schema<'ApplicationView'>

const LIMIT = 200
const FRESH_MS = 60_000

/** The applications of whoever is signed in, the first 200; none without the right to see them. */
export function useApps() {
  const mayRead = useRight('application.read')
  return useQuery({
    queryKey: ['/applications', undefined, { limit: LIMIT }],
    queryFn: () =>
      ask<{ items: Application[] }>('GET', '/applications', { query: { limit: LIMIT } }),
    select: ({ items }) => items,
    enabled: mayRead,
    staleTime: FRESH_MS,
  })
}

/** An application by its name; its key where the name is not known. */
export function AppText({ appKey }: { appKey?: string | null }) {
  const { data } = useApps()
  if (!appKey) return NONE
  const known = data?.find((app) => app.app_key === appKey)
  if (!known?.name) return <IdText id={appKey} />
  return <span title={appKey}>{known.name}</span>
}

/** The filter by application: a choice of names. */
export function useAppFilter(): Extract<Filter, { kind: 'choice' }> {
  const { t } = useTranslation('kit')
  const { data } = useApps()
  return useMemo(
    () => ({
      name: 'app_key',
      label: t('app'),
      kind: 'choice',
      options: (data ?? []).map((app) => ({
        value: app.app_key,
        label: app.name || app.app_key,
      })),
    }),
    [data, t],
  )
}
