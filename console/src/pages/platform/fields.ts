export type Value = string | number | boolean | null | readonly string[]

/** One field of an object that a form adds or changes; its texts are `<about>.field.<name>`. */
export interface FieldSpec {
  name: string
  /** `list` is written with commas; an empty `secret` stays as it is, an empty `time` is null. */
  kind: 'text' | 'int' | 'flag' | 'list' | 'choice' | 'secret' | 'time'
  /** What a new one begins with. */
  start: Value
  options?: readonly string[]
  isRequired?: boolean
  /** Given once, when it is added. */
  isOnce?: boolean
  /** Set only later, by a change. */
  isLater?: boolean
  /** Seldom needed: shown when asked for. */
  isMore?: boolean
  min?: number
  max?: number
}

export type Values = Record<string, Value>

export function startOf(fields: readonly FieldSpec[], before?: object): Values {
  const known = before as Values | undefined
  return Object.fromEntries(
    fields.map(({ name, kind, start }) => [
      name,
      kind === 'secret' ? '' : (known?.[name] ?? start),
    ]),
  )
}

/** What to send: all that was given of a new object, what differs of one that is there. */
export function bodyOf(fields: readonly FieldSpec[], values: Values, before?: object): Values {
  const known = startOf(fields, before)
  return Object.fromEntries(
    fields
      .map(({ name, start }) => {
        const value = values[name] ?? null
        return [name, value === '' && start === null ? null : value] as const
      })
      .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(known[name])),
  )
}

export function listOf(text: string): string[] {
  return text.split(/[,，\s]+/).filter(Boolean)
}
