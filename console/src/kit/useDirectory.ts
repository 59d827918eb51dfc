import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, type Schema } from '@/api/client'
import { useRight } from '@/app/SessionContext'

export type Application = Schema<'ApplicationView'>

interface City {
  area_code: string
  city: string
  city_en: string
}

const MANY = 500
const FRESH_MS = 60_000

/** The applications that the caller may see, up to 500, for choices and for names beside keys. */
export function useApplications() {
  const mayRead = useRight('application.read')
  const { data } = useQuery({
    queryKey: ['/applications', undefined, { limit: MANY }],
    queryFn: () =>
      ask<{ items: Application[] }>('GET', '/applications', { query: { limit: MANY } }),
    enabled: mayRead,
    staleTime: FRESH_MS,
  })
  return useMemo(() => {
    const items = data?.items ?? []
    const byKey = new Map(items.map((one) => [one.app_key, one]))
    return { items, byKey, isKnown: data !== undefined }
  }, [data])
}

/** Names of cities by code, in the language of the page. */
export function useCities() {
  const { i18n } = useTranslation()
  const mayRead = useRight('application.read')
  const { data } = useQuery({
    queryKey: ['/cities'],
    queryFn: () => ask<{ items: City[] }>('GET', '/cities'),
    enabled: mayRead,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const isChinese = i18n.language.startsWith('zh')
  return useMemo(() => {
    const items = (data?.items ?? []).map((one) => ({
      code: one.area_code,
      name: isChinese ? one.city : one.city_en,
    }))
    return { items, byCode: new Map(items.map(({ code, name }) => [code, name])) }
  }, [data, isChinese])
}
