import { useCallback, useMemo, useState } from 'react'

export interface Selection {
  ids: readonly string[]
  has: (id: string) => boolean
  toggle: (id: string) => void
  toggleAll: (ids: readonly string[]) => void
  clear: () => void
}

/** Which rows are ticked; survives turning pages. */
export function useSelection(): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const toggle = useCallback((id: string) => {
    setChosen((before) => {
      const after = new Set(before)
      if (!after.delete(id)) after.add(id)
      return after
    })
  }, [])
  const toggleAll = useCallback((ids: readonly string[]) => {
    setChosen((before) => {
      const areAll = ids.every((id) => before.has(id))
      const after = new Set(before)
      for (const id of ids) areAll ? after.delete(id) : after.add(id)
      return after
    })
  }, [])
  return useMemo(
    () => ({
      ids: [...chosen],
      has: (id) => chosen.has(id),
      toggle,
      toggleAll,
      clear: () => setChosen(new Set()),
    }),
    [chosen, toggle, toggleAll],
  )
}
