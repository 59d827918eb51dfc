import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useApplications } from './useDirectory'
import type { Filter } from './useFilters'

/** The filter by application: a choice of their names. */
export function useAppFilter(): Extract<Filter, { kind: 'choice' }> {
  const { t } = useTranslation('kit')
  const { items } = useApplications()
  return useMemo(
    () => ({
      name: 'app_key',
      label: t('app'),
      kind: 'choice',
      options: items.map(({ app_key, name }) => ({ value: app_key, label: name || app_key })),
    }),
    [items, t],
  )
}
