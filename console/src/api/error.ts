/** What the management API says when it refuses: `{"error": {code, message, field?, hint?}}`. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field?: string,
    readonly hint?: string,
    readonly traceId?: string,
    /** The object as it is now, where somebody else has changed it. */
    readonly current?: object,
  ) {
    super(message)
    this.name = 'ApiError'
  }
}

/** No answer came at all: the network, or a server that is gone. */
export class NoAnswer extends Error {
  readonly code = 'no_answer'
}

interface ErrorBody {
  error?: {
    code?: string
    message?: string
    field?: string | null
    hint?: string | null
    trace_id?: string
    current?: object
  }
}

export async function readError(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as ErrorBody
  const { code, message, field, hint, trace_id, current } = body.error ?? {}
  return new ApiError(
    response.status,
    code ?? `http_${response.status}`,
    message ?? response.statusText,
    field ?? undefined,
    hint ?? undefined,
    trace_id,
    current,
  )
}
