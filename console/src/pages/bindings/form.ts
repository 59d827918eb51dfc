/** The modes that have bindings; `yb` adds a B to a relation of AXYB. */
export type FormMode = 'ax' | 'axb' | 'axe' | 'axyb' | 'yb'

export type FieldKind = 'number' | 'virtual' | 'text' | 'whole' | 'flag' | 'choice' | 'city'

/** One parameter of binding: its name here, and on the wire by mode. */
export interface BindField {
  name: string
  kind: FieldKind
  wire: Partial<Record<FormMode, string>>
  required?: readonly FormMode[]
  /** Modes in which it may be changed later. */
  changes?: readonly FormMode[]
  options?: readonly string[]
  max?: number
  /** Behind "more parameters". */
  isRare?: boolean
}

const DAYS_90_S = 7_776_000
const VOICE: readonly FormMode[] = ['ax', 'axb']

/** Every parameter, in the order of the form (`docs/compatibility.md` has what each does). */
export const FIELDS: readonly BindField[] = [
  {
    name: 'a',
    kind: 'number',
    wire: { ax: 'origNum', axb: 'callerNum', axe: 'bindNum', axyb: 'origNum' },
    required: ['ax', 'axb', 'axe', 'axyb'],
    changes: VOICE,
  },
  {
    name: 'b',
    kind: 'number',
    wire: { axb: 'calleeNum', yb: 'origNum' },
    required: ['axb', 'yb'],
    changes: ['axb'],
  },
  {
    name: 'x',
    kind: 'virtual',
    wire: { ax: 'privateNum', axb: 'relationNum', axe: 'virtualNum' },
  },
  {
    name: 'area_code',
    kind: 'city',
    wire: { ax: 'areaCode', axb: 'areaCode', axe: 'areaCode', axyb: 'areaCode', yb: 'areaCode' },
    required: ['axyb'],
  },
  {
    name: 'is_area_loose',
    kind: 'flag',
    wire: {
      ax: 'areaMatchMode',
      axb: 'areaMatchMode',
      axe: 'areaMatchMode',
      axyb: 'areaMatchMode',
      yb: 'areaMatchMode',
    },
  },
  { name: 'extension', kind: 'text', wire: { axe: 'extendNum' }, max: 6 },
  {
    name: 'direction',
    kind: 'choice',
    wire: { ax: 'callDirection', axb: 'callDirection', axyb: 'callDirection' },
    options: ['both', 'a_to_b', 'b_to_a'],
    changes: VOICE,
  },
  {
    name: 'duration_s',
    kind: 'whole',
    wire: { axb: 'duration', axyb: 'duration' },
    max: DAYS_90_S,
    changes: ['axb'],
  },
  {
    name: 'yb_duration_s',
    kind: 'whole',
    wire: { axyb: 'ybDuration', yb: 'ybDuration' },
    max: DAYS_90_S,
  },
  {
    name: 'time_unit',
    kind: 'choice',
    wire: { axe: 'timeUnit' },
    options: ['hour', 'minute'],
    changes: ['axe'],
  },
  {
    name: 'bound_for',
    kind: 'whole',
    wire: { axe: 'bindExpiredTime' },
    max: DAYS_90_S,
    changes: ['axe'],
  },
  {
    name: 'callback_for',
    kind: 'whole',
    wire: { axe: 'callbackExpiredTime' },
    max: DAYS_90_S,
    changes: ['axe'],
    isRare: true,
  },
  {
    name: 'record',
    kind: 'flag',
    wire: { ax: 'recordFlag', axb: 'recordFlag', axe: 'recordFlag', axyb: 'recordFlag' },
    changes: ['ax', 'axb', 'axe'],
  },
  {
    name: 'record_hint_tone',
    kind: 'text',
    wire: {
      ax: 'recordHintTone',
      axb: 'recordHintTone',
      axe: 'recordHintTone',
      axyb: 'recordHintTone',
    },
    max: 128,
    changes: ['ax', 'axb', 'axe'],
    isRare: true,
  },
  {
    name: 'may_message',
    kind: 'flag',
    wire: { ax: 'privateSms', axb: 'privateSms' },
    changes: VOICE,
  },
  {
    name: 'max_duration_min',
    kind: 'whole',
    wire: { ax: 'maxDuration', axb: 'maxDuration' },
    max: 1440,
    changes: VOICE,
  },
  {
    name: 'last_minute_voice',
    kind: 'text',
    wire: { ax: 'lastMinVoice', axb: 'lastMinVoice' },
    max: 128,
    changes: VOICE,
    isRare: true,
  },
  {
    name: 'a_waiting_tone',
    kind: 'text',
    wire: { ax: 'preVoice.callerHintTone', axb: 'preVoice.callerHintTone', axyb: 'preVoiceX' },
    max: 128,
    changes: VOICE,
    isRare: true,
  },
  {
    name: 'b_waiting_tone',
    kind: 'text',
    wire: { ax: 'preVoice.calleeHintTone', axb: 'preVoice.calleeHintTone', yb: 'preVoiceY' },
    max: 128,
    changes: VOICE,
    isRare: true,
  },
  {
    name: 'shows_caller',
    kind: 'flag',
    wire: { ax: 'calleeNumDisplay', axe: 'displayNumMode' },
    changes: ['ax', 'axe'],
    isRare: true,
  },
  { name: 'is_on', kind: 'flag', wire: { ax: 'turnFlag' }, changes: ['ax'], isRare: true },
  {
    name: 'callback_number',
    kind: 'number',
    wire: { axe: 'callbackNum' },
    changes: ['axe'],
    isRare: true,
  },
  {
    name: 'callback_tone',
    kind: 'text',
    wire: { axe: 'callbackTone' },
    max: 128,
    changes: ['axe'],
    isRare: true,
  },
  {
    name: 'close_after_calls',
    kind: 'whole',
    wire: { ax: 'closeAfterCalls', axb: 'closeAfterCalls', axe: 'closeAfterCalls' },
    max: 1000,
    changes: ['ax', 'axb', 'axe'],
    isRare: true,
  },
  {
    name: 'idle_s',
    kind: 'whole',
    wire: { ax: 'idleDuration', axb: 'idleDuration', axe: 'idleDuration' },
    max: DAYS_90_S,
    changes: ['ax', 'axb', 'axe'],
    isRare: true,
  },
  {
    name: 'user_data',
    kind: 'text',
    wire: { ax: 'userData', axb: 'userData', axe: 'userData', axyb: 'userData', yb: 'userData' },
    max: 256,
    changes: ['ax', 'axb', 'axe'],
  },
]

/** What was typed or chosen, by name; empty is "not given". */
export type Values = Readonly<Record<string, string>>

/** The fields of a mode that are not empty, as the management API takes them. */
export function bodyOf(mode: FormMode, values: Values): Record<string, unknown> {
  const body: Record<string, unknown> = {}
  for (const field of FIELDS) {
    const value = values[field.name]?.trim()
    if (!field.wire[mode] || !value) continue
    if (field.kind === 'flag') body[field.name] = value === 'true'
    else if (field.kind === 'whole') body[field.name] = Number(value)
    else if (field.kind === 'number' || field.kind === 'virtual')
      body[field.name] = globalForm(value)
    else body[field.name] = value
  }
  return body
}

/** `+86138…` of `138…`, `0755-…`, `0086138…`, with blanks and dashes. */
export function globalForm(typed: string): string {
  const plain = typed.replace(/[\s()-]/g, '').replace(/^00/, '+')
  return plain.startsWith('+') ? plain : `+86${plain.replace(/^0/, '')}`
}
