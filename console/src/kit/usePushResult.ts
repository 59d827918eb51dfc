import { useTranslation } from 'react-i18next'

/** What a try of a push ended with, in words; a kind that has none stays as it is. */
export function usePushResult(): (result: string) => string {
  const { t, i18n } = useTranslation('kit')
  return (result) =>
    i18n.exists(`kit:push.result.${result}`) ? t(`push.result.${result}`) : result
}
