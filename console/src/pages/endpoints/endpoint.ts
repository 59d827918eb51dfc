import type { Schema } from '@/api/client'
import type { Tone } from '@/kit/StateTag'
import type { Application } from '@/kit/useDirectory'

export type Trouble = Schema<'ReceiverView'>
export type Purpose = Schema<'PushView'>['purpose']

/** A callback URL of an application, and what is wrong with it. */
export interface Endpoint {
  id: string
  app: Application
  purpose: Purpose
  url: string
  trouble?: Trouble
}

const URLS: Partial<Record<Purpose, (app: Application) => string | null>> = {
  status: (app) => app.status_url,
  record: (app) => app.cdr_url,
  message: (app) => app.sms_url,
  number_state: (app) => (app.pushes_number_state ? app.number_state_url : null),
}

/** All callback URLs, those in trouble first. */
export function endpointsOf(
  apps: readonly Application[],
  troubles: readonly Trouble[],
): Endpoint[] {
  const found = apps.flatMap((app) =>
    (Object.keys(URLS) as Purpose[]).flatMap((purpose) => {
      const url = URLS[purpose]?.(app)
      if (!url) return []
      const trouble = troubles.find((one) => one.app_key === app.app_key && one.purpose === purpose)
      return [{ id: `${app.app_key}:${purpose}`, app, purpose, url, trouble }]
    }),
  )
  return found.sort((a, b) => Number(!a.trouble) - Number(!b.trouble))
}

export function stateOf({ trouble }: Endpoint): 'ok' | 'failing' | 'disabled' {
  if (!trouble) return 'ok'
  return trouble.state === 'disabled' ? 'disabled' : 'failing'
}

export const TONES: Record<ReturnType<typeof stateOf>, Tone> = {
  ok: 'ok',
  failing: 'warn',
  disabled: 'bad',
}
