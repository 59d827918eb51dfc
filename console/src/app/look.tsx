import { theme as antd, ConfigProvider } from 'antd'
import type { Locale } from 'antd/es/locale'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { type Language, language } from './language'
import { density, useIsDark } from './preferences'
import { useStored } from './stored'

const FONTS =
  'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans SC", "WenQuanYi Zen Hei", sans-serif'

/** Two Chinese characters stand in a button as they are written, without a blank between them. */
const BUTTON = { autoInsertSpace: false }

/** What the server wrote into the page for styles that scripts add; empty when there is no server. */
function readNonce(): string {
  const nonce =
    document.querySelector<HTMLMetaElement>('meta[name="maskline-nonce"]')?.content ?? ''
  return nonce.startsWith('__') ? '' : nonce
}

/** Theme and language of everything by Ant Design; `data-theme` is for our own styles. */
export function Look({ children }: { children: ReactNode }) {
  const isDark = useIsDark()
  const [chosenDensity] = useStored(density)
  const [chosenLanguage] = useStored(language)
  const words = useWords(chosenLanguage)
  useEffect(() => {
    document.documentElement.dataset.theme = isDark ? 'dark' : 'light'
    document.documentElement.dataset.density = chosenDensity
  }, [isDark, chosenDensity])
  const csp = useMemo(() => ({ nonce: readNonce() }), [])
  const theme = useMemo(
    () => ({
      algorithm: [
        isDark ? antd.darkAlgorithm : antd.defaultAlgorithm,
        ...(chosenDensity === 'compact' ? [antd.compactAlgorithm] : []),
      ],
      token: {
        colorPrimary: isDark ? '#5394F6' : '#0B4FB3',
        colorLink: isDark ? '#7FB0FA' : '#0B4FB3',
        colorError: isDark ? '#F08872' : '#8C1410',
        fontFamily: FONTS,
        fontSize: 14,
        borderRadius: 4,
        controlHeight: 32,
        motionDurationMid: '0.1s',
        motionDurationSlow: '0.15s',
      },
      // What stands on a filled button: light colours of the dark theme need dark words.
      components: {
        Button: {
          primaryColor: isDark ? '#10151D' : '#FFFFFF',
          dangerColor: isDark ? '#10151D' : '#FFFFFF',
        },
      },
    }),
    [isDark, chosenDensity],
  )
  return (
    <ConfigProvider theme={theme} csp={csp} locale={words} button={BUTTON}>
      {children}
    </ConfigProvider>
  )
}

const WORDS: Record<Language, () => Promise<{ default: Locale }>> = {
  zh: () => import('antd/locale/zh_CN'),
  en: () => import('antd/locale/en_US'),
}

/** Ant Design's own words, of one language at a time. */
function useWords(chosen: Language): Locale | undefined {
  const [words, setWords] = useState<Locale>()
  useEffect(() => {
    let isWanted = true
    void WORDS[chosen]().then((module) => isWanted && setWords(module.default))
    return () => {
      isWanted = false
    }
  }, [chosen])
  return words
}
