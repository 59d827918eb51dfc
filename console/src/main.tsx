import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { ApiError } from './api/error'
import { startTexts } from './app/language'
import { Look } from './app/look'
import { router } from './app/router'
import { SessionGate } from './app/SessionContext'
import { LastResort } from './app/trouble'
import './app/base.css'
import './app/shell.css'
import './kit/kit.css'

const MAX_TRIES = 3

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // Only reads come here, and only what may pass is tried again.
      retry: (failures, error) =>
        failures < MAX_TRIES - 1 && !(error instanceof ApiError && error.status < 500),
    },
  },
})

await startTexts()
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <LastResort>
      <QueryClientProvider client={client}>
        <Look>
          <Suspense fallback={null}>
            <SessionGate>
              <RouterProvider router={router} />
            </SessionGate>
          </Suspense>
        </Look>
      </QueryClientProvider>
    </LastResort>
  </StrictMode>,
)
