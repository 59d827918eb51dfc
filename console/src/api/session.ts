import { ask } from './client'

/** Who is signed in, as `GET /session` answers. */
export interface Session {
  user: {
    user_id: string
    login: string
    name: string
    role: string
    tenant_id: string | null
    language: string | null
    zone: string | null
    has_totp: boolean
  }
  tenant: { tenant_id: string; name: string } | null
  rights: string[]
  stepped_up_until: string
  expires_at: string
  features: { sandbox: boolean; demo: boolean }
}

export const readSession = () => ask<Session>('GET', '/session')
export const signOut = () => ask<void>('DELETE', '/session')
export const signIn = (body: { login: string; password: string; code?: string }) =>
  ask<Session>('POST', '/session', { body })
export const stepUp = (body: { password?: string; code?: string }) =>
  ask<Session>('POST', '/session/step-up', { body })
