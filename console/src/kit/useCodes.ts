import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ask } from '@/api/client'

export type CodeKind = 'release' | 'result' | 'message'

/** One code of the interface in the language of the page. */
export interface Code {
  kind: CodeKind
  code: string
  text: string
  cure: string
}

type Words = Pick<Code, 'text' | 'cure'>
export interface CodeRow {
  kind: CodeKind
  code: string
  zh: Words
  en: Words
}

/** What codes mean: one table that the API, the docs and every page share. */
export function useCodeTable() {
  return useQuery({
    queryKey: ['/codes'],
    queryFn: () => ask<{ items: CodeRow[] }>('GET', '/codes'),
    staleTime: Number.POSITIVE_INFINITY,
  })
}

/** Looks up one code of that table. */
export function useCodes(): (kind: CodeKind, code?: string | number | null) => Code | undefined {
  const language = useWordsLanguage()
  const { data } = useCodeTable()
  return (kind, code) => {
    const wanted = code === null || code === undefined ? '' : String(code)
    const row = data?.items.find((one) => one.kind === kind && one.code === wanted)
    return row && { kind, code: wanted, ...row[language] }
  }
}

/** In which of its languages the table is read. */
export function useWordsLanguage(): 'zh' | 'en' {
  const { i18n } = useTranslation()
  return i18n.language.startsWith('zh') ? 'zh' : 'en'
}
