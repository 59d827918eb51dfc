import i18next, { type BackendModule } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { Stored } from './stored'

export type Language = 'zh' | 'en'
export const LANGUAGES: readonly Language[] = ['zh', 'en']
export const language = new Stored<Language>('language', 'zh', LANGUAGES)

const files = import.meta.glob<{ default: Record<string, unknown> }>('../i18n/*/*.json')

/** Texts come a file an area and language, when the area is first shown. */
const texts: BackendModule = {
  type: 'backend',
  init: () => {},
  read: (tongue, area, done) => {
    const load = files[`../i18n/${tongue}/${area}.json`]
    if (!load) {
      done(new Error(`there are no texts of ${area} in ${tongue}`), null)
      return
    }
    load().then(
      (module) => done(null, module.default),
      (error: Error) => done(error, null),
    )
  },
}

export async function startTexts(): Promise<void> {
  await i18next
    .use(texts)
    .use(initReactI18next)
    .init({
      lng: language.get(),
      fallbackLng: false,
      supportedLngs: LANGUAGES,
      ns: ['shell', 'kit'],
      defaultNS: 'shell',
      interpolation: { escapeValue: false },
      react: { useSuspense: true },
      saveMissing: true,
      missingKeyHandler: (tongues, area, key, _fallback, _update, options) => {
        // Codes that come from the server may be new to us: who asks for one brings other words.
        if (options?.defaultValue !== undefined) return
        console.error(`no text ${area}:${key} in ${tongues.join(', ')}`)
      },
    })
  sayLanguage(language.get())
  language.subscribe(() => {
    void i18next.changeLanguage(language.get())
    sayLanguage(language.get())
  })
}

function sayLanguage(chosen: Language): void {
  document.documentElement.lang = chosen === 'zh' ? 'zh-CN' : 'en'
}
