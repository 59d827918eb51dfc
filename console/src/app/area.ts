import type { ComponentType } from 'react'

/** The groups of the menu, in its order. */
export const GROUPS = [
  'overview',
  'traffic',
  'pushes',
  'numbers',
  'apps',
  'develop',
  'money',
  'settings',
  'platform',
] as const
export type Group = (typeof GROUPS)[number]

/** One page. A path may name parameters: `/calls/$session`. */
export interface Page {
  path: string
  load: () => Promise<{ default: ComponentType }>
  /** One of these rights opens the page; none: everybody who is signed in. */
  rights?: readonly string[]
  /** Who has this right has another page for the same. */
  unless?: string
  /** Its entry in the menu; a page without one is reached from another. `label` is `nav.<label>` in shell.json. */
  menu?: { group: Group; label: string; order: number }
  /** Why the page is closed for now by a state, such as a server without a lab: a key of shell.json. */
  closed?: (features: { sandbox: boolean; demo: boolean }) => string | null
}

/** What `pages/<area>/routes.ts` exports as default. */
export interface Area {
  /** Its folder, and its file in `i18n/zh` and `i18n/en`. */
  name: string
  pages: readonly Page[]
}

/** Every area that has pages. */
export const areas: readonly Area[] = Object.values(
  import.meta.glob<{ default: Area }>('../pages/*/routes.ts', { eager: true }),
).map((module) => module.default)

export const pages: readonly (Page & { area: string })[] = areas.flatMap((area) =>
  area.pages.map((page) => ({ ...page, area: area.name })),
)

/** Whether these rights open a page. */
export function opens(page: Pick<Page, 'rights' | 'unless'>, rights: readonly string[]): boolean {
  if (page.unless && rights.includes(page.unless)) return false
  return !page.rights || page.rights.some((right) => rights.includes(right))
}
