import { useQuery } from '@tanstack/react-query'
import { ask, type Schema } from '@/api/client'
import type { Tone } from '@/kit/StateTag'
import type { FieldSpec } from './fields'

export type Trunk = Schema<'TrunkView'>
export type TrunkHealth = Schema<'TrunkHealthView'>

const FORMATS = ['e164', 'national', 'plain86'] as const

export const TRUNK_FIELDS: readonly FieldSpec[] = [
  { name: 'name', kind: 'text', start: '', isRequired: true, isOnce: true },
  { name: 'host', kind: 'text', start: '', isRequired: true },
  { name: 'port', kind: 'int', start: 5060, min: 1, max: 65_535 },
  { name: 'transport', kind: 'choice', start: 'udp', options: ['udp', 'tcp', 'tls'] },
  { name: 'inbound_from', kind: 'list', start: [] },
  { name: 'prefixes', kind: 'list', start: [] },
  { name: 'priority', kind: 'int', start: 10, min: 0 },
  { name: 'weight', kind: 'int', start: 10, min: 0 },
  { name: 'number_format', kind: 'choice', start: 'e164', options: FORMATS },
  { name: 'max_calls', kind: 'int', start: 0, min: 0 },
  { name: 'calls_per_s', kind: 'int', start: 0, min: 0 },
  { name: 'is_enabled', kind: 'flag', start: true },
  { name: 'inbound_strip', kind: 'text', start: '', isMore: true },
  { name: 'inbound_add', kind: 'text', start: '', isMore: true },
  { name: 'outbound_strip', kind: 'text', start: '', isMore: true },
  { name: 'outbound_add', kind: 'text', start: '', isMore: true },
  { name: 'username', kind: 'text', start: null, isMore: true },
  { name: 'password', kind: 'secret', start: '', isMore: true },
  { name: 'inbound_password', kind: 'secret', start: '', isMore: true },
  {
    name: 'protection',
    kind: 'choice',
    start: 'none',
    options: ['none', 'sdes', 'dtls'],
    isMore: true,
  },
  { name: 'outbound_proxy', kind: 'text', start: '', isMore: true },
]

/** What stands for a trunk of which no worker has told lately. */
export type Condition = TrunkHealth['condition'] | 'unknown'

export const TRUNK_TONES: Record<Condition, Tone> = {
  up: 'ok',
  untried: 'unknown',
  down: 'bad',
  no_address: 'bad',
  disabled: 'plain',
  unknown: 'unknown',
}

const EVERY_MS = 5_000

/** The worse is first: a trunk is as the worst of the workers sees it that told lately. */
const WORST_FIRST: readonly Condition[] = ['down', 'no_address', 'untried', 'up', 'disabled']

/** How trunks stand with every worker; nothing is known where none carries calls. */
export function useTrunkStates() {
  const query = useQuery({
    queryKey: ['/trunk-states'],
    queryFn: () => ask<{ items: TrunkHealth[] }>('GET', '/trunk-states'),
    refetchInterval: EVERY_MS,
  })
  const of = (name: string) => (query.data?.items ?? []).filter((one) => one.name === name)
  const lately = (name: string) => (query.error ? [] : of(name).filter((one) => !one.is_stale))
  const conditionOf = (trunk: Trunk): Condition => {
    if (!trunk.is_enabled) return 'disabled'
    const told = new Set<Condition>(lately(trunk.name).map(({ condition }) => condition))
    return WORST_FIRST.find((one) => told.has(one)) ?? 'unknown'
  }
  const callsOf = (name: string) => {
    const told = lately(name)
    return told.length === 0 ? null : told.reduce((sum, { calls }) => sum + calls, 0)
  }
  return { of, conditionOf, callsOf, error: query.error }
}
