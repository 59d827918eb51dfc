import { useSyncExternalStore } from 'react'
import { Stored, useStored } from './stored'

export type Theme = 'system' | 'light' | 'dark'
export type Density = 'standard' | 'compact'

export const theme = new Stored<Theme>('theme', 'system', ['system', 'light', 'dark'])
export const density = new Stored<Density>('density', 'standard', ['standard', 'compact'])
/** `browser`, `UTC` or the name of a zone. */
export const zone = new Stored<string>('zone', 'browser')

const system = window.matchMedia('(prefers-color-scheme: dark)')

function watchSystem(listener: () => void): () => void {
  system.addEventListener('change', listener)
  return () => system.removeEventListener('change', listener)
}

/** Whether the page is dark now. */
export function useIsDark(): boolean {
  const [chosen] = useStored(theme)
  const isSystemDark = useSyncExternalStore(watchSystem, () => system.matches)
  return chosen === 'dark' || (chosen === 'system' && isSystemDark)
}

/** The IANA name of the zone in which times are shown. */
export function zoneName(chosen: string): string {
  return chosen === 'browser' ? Intl.DateTimeFormat().resolvedOptions().timeZone : chosen
}

export function useZone(): string {
  const [chosen] = useStored(zone)
  return zoneName(chosen)
}
