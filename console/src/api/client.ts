import { NoAnswer, readError } from './error'
import type { components, paths } from './schema'

export const PREFIX = '/manage/v1'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
export type Query = Record<string, string | number | boolean | null | undefined>

/** A value of the API by its name in the OpenAPI document: `Schema<'ApplicationView'>`. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name]

type Relative<Path> = Path extends `/manage/v1${infer Rest}` ? Rest : never
type Operation<Path extends string, M extends string> = `/manage/v1${Path}` extends keyof paths
  ? paths[`/manage/v1${Path}`] extends Record<M, infer Op>
    ? Op
    : never
  : never
type JsonOf<Content> = Content extends { content: { 'application/json': infer Body } }
  ? Body
  : undefined
type AnswerOf<Op> = Op extends { responses: infer All }
  ? JsonOf<All[Extract<keyof All, 200 | 201 | 202>]>
  : never
type BodyOf<Op> = Op extends { requestBody: infer Body } ? JsonOf<Body> : undefined
type QueryOf<Op> = Op extends { parameters: { query?: infer Q } } ? Q : undefined

/** Every path of the API that has this method, without the prefix. */
export type PathWith<M extends string> = {
  [P in keyof paths]: paths[P] extends Record<M, { responses: unknown }> ? Relative<P> : never
}[keyof paths]

export interface Asking {
  params?: Record<string, string>
  query?: Query
  body?: unknown
  /** A file to send as it is. */
  file?: Blob
  headers?: Record<string, string>
  signal?: AbortSignal
}

type OnSignedOut = () => void
let onSignedOut: OnSignedOut = () => {}

/** Who is told when the server no longer knows the session. */
export function whenSignedOut(listener: OnSignedOut): void {
  onSignedOut = listener
}

/** The address of a path below the prefix, its parameters filled in and escaped. */
export function urlOf(path: string, { params = {}, query = {} }: Asking = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  )
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value))
  }
  const asked = search.toString()
  return `${PREFIX}${filled}${asked ? `?${asked}` : ''}`
}

/** Ask the API. Throws ApiError when it refuses, NoAnswer when nothing came back. */
export async function ask<T>(method: Method, path: string, asking: Asking = {}): Promise<T> {
  const response = await answerOf(method, path, asking)
  if (response.status === 204) return undefined as T
  const isJson = response.headers.get('content-type')?.includes('json') ?? false
  return (await (isJson ? response.json() : response.blob())) as T
}

/** An object and the tag of its version. */
export async function readTagged(path: string, asking: Asking) {
  const response = await answerOf('GET', path, asking)
  return { value: (await response.json()) as object, tag: response.headers.get('etag') ?? '*' }
}

async function answerOf(method: Method, path: string, asking: Asking): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json', ...asking.headers }
  let body: BodyInit | undefined
  if (asking.file) body = asking.file
  else if (asking.body !== undefined) {
    headers['content-type'] = 'application/json'
    body = JSON.stringify(asking.body)
  }
  let response: Response
  try {
    response = await fetch(urlOf(path, asking), {
      method,
      headers,
      body,
      signal: asking.signal,
      credentials: 'same-origin',
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new NoAnswer(error instanceof Error ? error.message : String(error))
  }
  if (!response.ok) {
    const refused = await readError(response)
    const isSessionGone = response.status === 401 && !path.startsWith('/session')
    if (isSessionGone) onSignedOut()
    throw refused
  }
  return response
}

/** The typed client: path, query, body and answer come from the OpenAPI document. */
export const api = {
  get: <P extends PathWith<'get'> & string>(
    path: P,
    asking?: Omit<Asking, 'query'> & { query?: QueryOf<Operation<P, 'get'>> },
  ) => ask<AnswerOf<Operation<P, 'get'>>>('GET', path, asking as Asking),
  post: <P extends PathWith<'post'> & string>(
    path: P,
    asking?: Omit<Asking, 'body'> & { body?: BodyOf<Operation<P, 'post'>> },
  ) => ask<AnswerOf<Operation<P, 'post'>>>('POST', path, asking as Asking),
  put: <P extends PathWith<'put'> & string>(
    path: P,
    asking?: Omit<Asking, 'body'> & { body?: BodyOf<Operation<P, 'put'>> },
  ) => ask<AnswerOf<Operation<P, 'put'>>>('PUT', path, asking as Asking),
  patch: <P extends PathWith<'patch'> & string>(
    path: P,
    asking?: Omit<Asking, 'body'> & { body?: BodyOf<Operation<P, 'patch'>> },
  ) => ask<AnswerOf<Operation<P, 'patch'>>>('PATCH', path, asking as Asking),
  delete: <P extends PathWith<'delete'> & string>(path: P, asking?: Asking) =>
    ask<AnswerOf<Operation<P, 'delete'>>>('DELETE', path, asking),
}
