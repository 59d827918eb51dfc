/** What the sandbox's endpoints give, and what a page concludes from it. */

export const PHONES = ['a', 'b', 'c'] as const
export type PhoneId = (typeof PHONES)[number]
export const MANNERS = [
  'rings_on',
  'answers',
  'no_ringing_tone',
  'busy',
  'rejects',
  'switched_off',
  'no_such_number',
] as const
export type Manner = (typeof MANNERS)[number]
export type Mode = 'ax' | 'axb' | 'axe' | 'axyb' | 'x'

export interface Phone {
  phone_id: PhoneId
  number: string
  state: 'idle' | 'dialling' | 'alerting' | 'ringing' | 'talking'
  /** What its display was sent about the caller of this call, or of the last. */
  shows: { number: string; from_header: string; asserted_header: string | null } | null
  hears: string[]
  keys: string
  last_end: { is_by_peer: boolean; status: number | null; cause: number | null } | null
  behaviour: { manner: Manner; after_s: number }
  inbox: { sender: string; text: string; at: string }[]
}

export interface Receiver {
  kind: 'built_in' | 'own'
  status: number | null
  delay_s: number | null
  call: unknown
  message: unknown
}

export interface Run {
  run_id: string
  app_key: string
  user: string
  phones: Phone[]
  receiver: Receiver
  has_messages: boolean
  last_event: number
}

/** One thing that happened; `kind` says what `detail` has. */
export interface RunEvent {
  sequence: number
  at: string
  kind: 'phone' | 'keys' | 'text' | 'request' | 'push'
  phone: PhoneId | null
  detail: Record<string, unknown>
}

export interface Exchange {
  request: { method: string; url: string; headers: Record<string, string>; body: string | null }
  answer: { status: number; headers: Record<string, string>; body: unknown }
  took_ms: number
}

export interface OperationExample {
  operation: string
  method: string
  path: string
  has_body: boolean
  params: Record<string, unknown>
}

export interface ScenarioStep {
  do: 'request' | 'behave' | 'dial' | 'hangup' | 'answers' | 'wait'
  operation?: string | null
  signs_wrongly?: boolean
  phone?: PhoneId | null
  manner?: Manner | null
  state?: Phone['state'] | null
  status?: number | null
}

export interface Scenario {
  id: string
  title: Record<'zh' | 'en', string>
  todo: Record<'zh' | 'en', string>
  expect: Record<'zh' | 'en', string>
  steps: ScenarioStep[]
  expects: {
    release: number[]
    result: string | null
    status: number | null
    push_status: number | null
  }
  is_slow: boolean
  needs_receiver: boolean
}

/** Who dials, who answers, in each mode; the parameter or answer that names the number to dial. */
export const ROLES: Record<Mode, { caller: PhoneId; callee: PhoneId; dials: readonly string[] }> = {
  ax: { caller: 'b', callee: 'a', dials: ['privateNum'] },
  axb: { caller: 'a', callee: 'b', dials: ['relationNum'] },
  axe: { caller: 'b', callee: 'a', dials: ['virtualNum'] },
  axyb: { caller: 'b', callee: 'a', dials: ['relationNumber'] },
  x: { caller: 'a', callee: 'b', dials: [] },
}

export function part(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object'
    ? (value as Record<string, unknown>)[name]
    : undefined
}

/** What a request or its answer names to be dialled, in the order of `from`. */
export function numberToDial(...from: unknown[]): string | undefined {
  const names = Object.values(ROLES).flatMap(({ dials }) => dials)
  return from
    .flatMap((one) => names.map((name) => part(one, name)))
    .find((number) => typeof number === 'string')
}

/** The event's name on the wire: `callin`, `fee`, `smsEvent` …; undefined for what is no push. */
export function pushName(event: RunEvent): string | undefined {
  if (event.kind !== 'push') return undefined
  if (part(event.detail.body, 'smsEvent')) return 'smsEvent'
  const name = part(event.detail.body, 'eventType')
  return typeof name === 'string' ? name : String(event.detail.purpose ?? '')
}

/** `Block` for a push that asks what to do, `Notify` for one that only tells; where it says so. */
export function pushMode({ detail: { body } }: RunEvent): string | undefined {
  const mode =
    part(part(body, 'statusInfo'), 'notifyMode') ?? part(part(body, 'smsEvent'), 'notificationMode')
  return typeof mode === 'string' ? mode : undefined
}

/** The session of a push about a call. */
export function sessionOf(event: RunEvent): string | undefined {
  const body = event.detail.body
  const fees = part(body, 'feeLst')
  const told = part(body, 'statusInfo') ?? (Array.isArray(fees) ? fees[0] : undefined)
  const session = part(told, 'sessionId')
  return typeof session === 'string' ? session : undefined
}

/** The result code of a request's answer. */
export function resultOf(answer: unknown): string | undefined {
  const code = part(answer, 'resultcode')
  return code === undefined ? undefined : String(code)
}

/** The release code that a disconnect push tells. */
export function releaseOf(event: RunEvent): number | undefined {
  if (pushName(event) !== 'disconnect') return undefined
  const code = Number(part(part(event.detail.body, 'statusInfo'), 'stateCode'))
  return Number.isFinite(code) ? code : undefined
}

export const STEPS = ['bind', 'dial', 'answer', 'talk', 'hangup', 'record', 'break'] as const
export type Step = (typeof STEPS)[number]

/** The steps of the guide that the events show to be done. */
export function stepsDone(events: readonly RunEvent[], mode: Mode, isBroken: boolean): Set<Step> {
  const { caller, callee } = ROLES[mode]
  const done = new Set<Step>(mode === 'x' ? ['bind'] : [])
  for (const event of events) {
    const state = event.kind === 'phone' ? event.detail.state : undefined
    if (event.kind === 'request' && String(event.detail.operation).startsWith('bind')) {
      if (resultOf(event.detail.answer) === '0') done.add('bind')
    }
    if (event.phone === caller && state === 'dialling') done.add('dial')
    if (event.phone === callee && state === 'talking') done.add('answer')
    if (event.kind === 'keys') done.add('talk')
    if (state === 'idle' && done.has('answer')) done.add('hangup')
    if (pushName(event) === 'fee') done.add('record')
  }
  if (isBroken) done.add('break')
  return done
}

/** The sessions that pushes told of, the newest first. */
export function sessionsIn(events: readonly RunEvent[]): string[] {
  const found = events.map((event) => (event.kind === 'push' ? sessionOf(event) : undefined))
  return [...new Set(found.filter((one) => one !== undefined))].reverse()
}
