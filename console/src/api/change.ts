import { type Asking, ask, type Method, readTagged } from './client'
import { ApiError, NoAnswer } from './error'

const MAX_WAIT_MS = 20_000
const KEY_BYTES = 16
const HAS_NO_OUTCOME = ['outcome_not_known', 'key_used']

/** As `ask`, for what changes something: sent again it is answered again, and made once. */
export type Send = <T = unknown>(method: Method, path: string, asking?: Asking) => Promise<T>

/** What a form changes of an object. */
export interface Edit {
  params: Record<string, string>
  /** The object as the form showed it at first. */
  before: object
  body: Record<string, unknown>
}

/** A field that the form changed, and somebody else too. */
export interface Clash {
  name: string
  yours: unknown
  now: unknown
  before: unknown
}

/** Somebody else has changed what the form changes; nothing of it was saved. */
export class ChangedMeanwhile extends Error {
  constructor(
    readonly clashes: readonly Clash[],
    readonly now: object,
  ) {
    super('changed_meanwhile')
    this.name = 'ChangedMeanwhile'
  }
}

/** No answer yet: the outcome is being asked for, under the same key. */
export class StillChecking extends Error {
  constructor() {
    super('still_checking')
    this.name = 'StillChecking'
  }
}

/** Whether the same request under the same key will tell how it went. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof NoAnswer || (error instanceof ApiError && error.code === 'under_way')
}

/**
 * The requests of one opened form. The same request keeps its key over tries; what differs in a
 * field is another request with a key of its own.
 */
export class FormRequests {
  private readonly keys = new Map<string, string>()
  private seen: object | undefined

  readonly send: Send = (method, path, asking = {}) => {
    const { params, query, body, file } = asking
    const name = file && { size: file.size, type: file.type }
    const request = JSON.stringify([method, path, params, query, body, name])
    const key = this.keys.get(request) ?? newKey()
    this.keys.set(request, key)
    const signal = asking.signal ?? (file ? undefined : AbortSignal.timeout(MAX_WAIT_MS))
    const headers = { ...asking.headers, 'idempotency-key': key }
    return ask(method, path, { ...asking, headers, signal })
  }

  /**
   * Change fields of an object, unless somebody else has changed one of them since the form was
   * opened. Throws ChangedMeanwhile then; sent again it overwrites what that has shown.
   */
  readonly edit = async <T = unknown>(path: string, edit: Edit): Promise<T> => {
    const { params, body } = edit
    const before = this.seen ?? edit.before
    const { value: now, tag } = await readTagged(path, { params })
    this.refuseClash(before, now, body)
    try {
      return await this.send<T>('PATCH', path, { params, body, headers: { 'if-match': tag } })
    } catch (error) {
      if (error instanceof ApiError && error.status === 412 && error.current)
        this.refuseClash(before, error.current, body)
      throw error
    }
  }

  /** After a refusal: what nobody can tell the outcome of is sent under a new key, if at all. */
  refused(error: unknown): void {
    if (error instanceof ApiError && HAS_NO_OUTCOME.includes(error.code)) this.keys.clear()
  }

  /** After success: the next request is a new one. */
  forget(): void {
    this.keys.clear()
    this.seen = undefined
  }

  private refuseClash(before: object, now: object, body: object): void {
    const clashes = clashesOf(before, now, body)
    if (clashes.length === 0) return
    this.seen = now
    throw new ChangedMeanwhile(clashes, now)
  }
}

/** Fields of `body`, by path in objects, that are neither as before nor as the form wants them. */
function clashesOf(before: object, now: object, body: object, prefix = ''): Clash[] {
  return Object.entries(body).flatMap(([name, yours]) => {
    const [old, current] = [before, now].map((one) => (one as Record<string, unknown>)[name])
    if (isObject(yours) && isObject(old) && isObject(current))
      return clashesOf(old, current, yours, `${prefix}${name}.`)
    if (isSame(old, current) || isSame(current, yours) || current === undefined) return []
    return [{ name: `${prefix}${name}`, yours, now: current, before: old }]
  })
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

/** A random key; `crypto.randomUUID` is not there on pages without TLS. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
