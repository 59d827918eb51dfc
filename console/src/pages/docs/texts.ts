/** The pages, in the order of the list at the side; each is a file in `docs/zh` and in `docs/en`. */
export const NAMES = [
  'quick-start',
  'modes',
  'api',
  'codes',
  'operations',
  'security',
  'migration',
] as const
export type Name = (typeof NAMES)[number]

const files = import.meta.glob<string>('../../../docs/*/*.md', { query: '?raw', import: 'default' })

export function isName(text: string): text is Name {
  return (NAMES as readonly string[]).includes(text)
}

/** The text of a page. Throws for one that is not there. */
export async function loadText(name: Name, language: string): Promise<string> {
  const load = files[`../../../docs/${language.startsWith('zh') ? 'zh' : 'en'}/${name}.md`]
  if (!load) throw new Error(`there is no page ${name} in ${language}`)
  return load()
}
