import { FIELDS, type FormMode } from './form'

/** A request of the compatible interface. */
export interface RestRequest {
  method: 'POST' | 'PUT'
  path: string
  body: Record<string, unknown>
}

const PATHS: Record<FormMode, string> = {
  ax: '/rest/provision/caas/privatenumber/v1.0',
  axb: '/rest/caas/relationnumber/partners/v1.0',
  axe: '/rest/caas/extendnumber/v1.0',
  axyb: '/rest/omp/xyrelationnumber/v1.0',
  yb: '/rest/omp/xyrelationnumber/v1.0',
}

const CODES: Record<string, Record<string, number | string>> = {
  direction: { both: 0, a_to_b: 1, b_to_a: 2 },
  time_unit: { hour: '0', minute: '1' },
  is_area_loose: { false: '0', true: '1' },
  shows_caller: { false: '0', true: '1' },
  is_on: { false: 'off', true: 'on' },
}

/** What a customer's own program would send for this; `body` is that of the management API. */
export function requestOf(
  mode: FormMode,
  appKey: string,
  body: Readonly<Record<string, unknown>>,
): RestRequest {
  const sent: Record<string, unknown> = {}
  if (mode === 'yb') sent.subscriptionId = body.relation_id
  for (const { name, wire, kind } of FIELDS) {
    const key = wire[mode]
    const value = body[name]
    if (!key || value === undefined) continue
    // Other flags are texts on the wire.
    const plain = kind === 'flag' ? String(value) : value
    put(sent, key, CODES[name]?.[String(value)] ?? plain)
  }
  // In AX a number that is to be chosen has to be asked for by its type.
  if (mode === 'ax' && body.x === undefined) sent.privateNumType = 'mobile-virtual'
  const isAxyb = mode === 'axyb' || mode === 'yb'
  const query = isAxyb ? `?app_key=${encodeURIComponent(appKey)}` : ''
  return { method: 'POST', path: PATHS[mode] + query, body: sent }
}

/** `preVoice.callerHintTone` is a field of an object. */
function put(into: Record<string, unknown>, key: string, value: unknown): void {
  const [outer = '', inner] = key.split('.')
  if (inner === undefined) into[outer] = value
  else into[outer] = { ...(into[outer] as object | undefined), [inner]: value }
}
