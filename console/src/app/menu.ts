import { useMemo } from 'react'
import { GROUPS, type Group, opens, type Page, pages } from './area'
import { useSession } from './SessionContext'

type Entry = Page & { menu: NonNullable<Page['menu']> }

/** The menu for this session: groups in their order, without those that would be empty. */
export function useMenu(): { group: Group; pages: Entry[] }[] {
  const { rights } = useSession()
  return useMemo(() => {
    const entries = pages.filter(
      (page): page is Entry & { area: string } => page.menu !== undefined && opens(page, rights),
    )
    return GROUPS.map((group) => ({
      group,
      pages: entries
        .filter((page) => page.menu.group === group)
        .sort((a, b) => a.menu.order - b.menu.order),
    })).filter((entry) => entry.pages.length > 0)
  }, [rights])
}
