import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { Send } from '@/api/change'
import type { Schema } from '@/api/client'
import { useRight } from '@/app/SessionContext'
import type { Push } from './push'

export const useMayResend = () => useRight('push.resend')

/** Reads again whatever shows pushes. */
export function useRenewPushes() {
  const client = useQueryClient()
  return useCallback(
    () =>
      client.invalidateQueries({
        predicate: ({ queryKey: [path] }) =>
          ['/pushes', '/receivers', '/overview', '/problems', '/statistics'].includes(String(path)),
      }),
    [client],
  )
}

export const resend = (send: Send, pushId: string) =>
  send<Schema<'ResentView'>>('POST', '/pushes/{push_id}/resend', { params: { push_id: pushId } })

export const replay = (send: Send, body: Partial<Schema<'PushReplay'>>) =>
  send<Schema<'ReplayedView'>>('POST', '/push-replays', { body })

/** The messages that some rows stand for: call records that went together share one. */
export function messagesOf(rows: readonly Push[], ids: readonly string[]): string[] {
  const chosen = rows.filter(({ notice_id }) => ids.includes(notice_id))
  return [...new Set(chosen.map(({ push_id }) => push_id))]
}
