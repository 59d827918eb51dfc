import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { whenSignedOut } from '@/api/client'
import { ApiError } from '@/api/error'
import { readSession, type Session } from '@/api/session'
import { ErrorBox } from '@/kit/ErrorBox'
import { ExpiryDialog } from './ExpiryDialog'
import { language } from './language'

const Current = createContext<Session | null>(null)

/** Who is signed in. */
export function useSession(): Session {
  const session = useContext(Current)
  if (session === null) throw new Error('there is no session here')
  return session
}

/** Whether the session has a right, such as `number.write`. */
export function useRight(right: string): boolean {
  return useSession().rights.includes(right)
}

export function leaveForSignIn(): void {
  const { pathname, search } = window.location
  const next = pathname.startsWith('/console/') ? pathname + search : '/console/'
  window.location.replace(`/console/signin?next=${encodeURIComponent(next)}`)
}

/** Reads the session, keeps it, and asks to sign in again over the page when it has ended. */
export function SessionGate({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  const [hasEnded, setEnded] = useState(false)
  const { data, error, refetch } = useQuery({
    queryKey: ['session'],
    queryFn: readSession,
    staleTime: 60_000,
    retry: false,
  })
  useEffect(() => whenSignedOut(() => setEnded(true)), [])
  useEffect(() => {
    const own = data?.user.language
    if (!language.isChosen && (own === 'zh' || own === 'en')) language.set(own)
  }, [data])
  const isSignedOut = error instanceof ApiError && error.status === 401
  useEffect(() => {
    if (isSignedOut && !data) leaveForSignIn()
  }, [isSignedOut, data])
  if (!data) {
    if (!error || isSignedOut) return null
    return <ErrorBox error={error} onRetry={() => void refetch()} />
  }
  const comeBack = async () => {
    setEnded(false)
    await client.invalidateQueries()
  }
  return (
    <Current value={data}>
      {children}
      <ExpiryDialog session={data} hasEnded={hasEnded || isSignedOut} onBack={comeBack} />
    </Current>
  )
}
