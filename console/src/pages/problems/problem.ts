import type { Schema } from '@/api/client'

/** Failures with one cause, as `GET /problems` answers. */
export type Problem = Omit<Schema<'ProblemView'>, 'kind' | 'state'> & {
  kind: 'call' | 'push' | 'api' | 'refusal' | 'complaint' | 'reveal' | 'balance' | 'stock'
  state: 'open' | 'known' | 'muted'
}

/** The list that shows what a problem consists of. */
export function evidenceOf(
  { kind, app_key, cause }: Problem,
  isPlatform = false,
): {
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
    case 'complaint':
      return { to: isPlatform ? '/platform/complaints' : '/settings/complaints', search: {} }
    case 'stock':
      return { to: '/platform/orders', search: { state: 'processing' } }
    case 'reveal':
      return { to: '/settings/audit', search: { action: 'reveal', range: '7d' } }
    case 'balance':
      return { to: isPlatform ? '/platform/money' : '/money', search: {} }
  }
}
