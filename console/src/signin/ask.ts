/** An answer of the management API; `error` when it refused or never came. */
export interface Answer {
  ok: boolean
  status: number
  body: Record<string, unknown>
  error: { code: string; message: string; field?: string; hint?: string }
}

const NOTHING = { code: 'noAnswer', message: '' }

export async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
  try {
    const response = await fetch(`/manage/v1${path}`, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const read = (await response.json().catch(() => ({}))) as Record<string, unknown>
    const error = (read.error ?? {
      code: `http_${response.status}`,
      message: response.statusText,
    }) as Answer['error']
    return { ok: response.ok, status: response.status, body: read, error }
  } catch {
    return { ok: false, status: 0, body: {}, error: NOTHING }
  }
}
