import { useState } from 'react'

/** An object as it was shown when somebody began to change it; until then as it is now. */
export function useOpened<T>(latest: T, isChanged: boolean): T {
  const [opened, setOpened] = useState(latest)
  if (isChanged || opened === latest) return opened
  setOpened(latest)
  return latest
}
