import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'

const SHOWN = ['/numbers', '/numbers/{number}/history', '/real-names']

/** After a number was changed: whatever shows numbers is read again. */
export function useNumberRefresh(): () => Promise<void> {
  const client = useQueryClient()
  return useCallback(async () => {
    await Promise.all(SHOWN.map((path) => client.invalidateQueries({ queryKey: [path] })))
  }, [client])
}
