/** Failures with one cause, as `GET /problems` answers. */
export interface Problem {
  problem_id: string
  kind: 'call' | 'push' | 'api' | 'refusal'
  app_key: string
  cause: string
  state: 'open' | 'known' | 'muted'
  count: number
  first_at: string
  last_at: string
  /** By five minutes of the last hour. */
  trend: number[]
  marked_by: string | null
  marked_at: string | null
  muted_until: string | null
  note: string | null
}

/** The list that shows what a problem consists of. */
export function evidenceOf({ kind, app_key, cause }: Problem): {
  to: string
  search: Record<string, string>
} {
  switch (kind) {
    case 'call':
      return { to: '/calls', search: { app_key, release_code: cause, range: '7d' } }
    case 'push': {
      const [purpose = '', result = ''] = cause.split(' ')
      return { to: '/pushes', search: { app_key, purpose, result, range: '7d' } }
    }
    case 'api':
      return { to: '/api-log', search: { app_key, code: cause } }
    case 'refusal':
      return { to: '/platform/refusals', search: { rule: cause } }
  }
}
