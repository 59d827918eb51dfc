import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useAppFilter } from '@/kit/useAppFilter'
import type { Filter } from '@/kit/useFilters'
import { PURPOSES, RESULTS, STATES } from './push'

/** The filters of pushes; dead letters have no choice of state, and go back further. */
export function usePushFilters(isDead: boolean): Filter[] {
  const { t } = useTranslation(['pushes', 'kit'])
  const app = useAppFilter()
  return useMemo<Filter[]>(() => {
    const purpose: Filter = {
      name: 'purpose',
      label: t('column.purpose'),
      kind: 'choice',
      options: PURPOSES.map((value) => ({ value, label: t(`kit:push.purpose.${value}`) })),
    }
    const state: Filter = {
      name: 'state',
      label: t('column.state'),
      kind: 'choice',
      options: STATES.map((value) => ({ value, label: t(`kit:push.state.${value}`) })),
    }
    return [
      {
        name: 'range',
        label: t('filter.range'),
        kind: 'range',
        usual: isDead ? '31d' : '24h',
        from: 'since',
        until: 'until',
      },
      app,
      purpose,
      ...(isDead ? [] : [state]),
      {
        name: 'result',
        label: t('filter.result'),
        kind: 'choice',
        options: RESULTS.map((value) => ({ value, label: t(`kit:push.result.${value}`) })),
      },
      { name: 'session_id', label: t('filter.session'), kind: 'text' },
      { name: 'push_id', label: t('column.id'), kind: 'text' },
    ]
  }, [t, app, isDead])
}
