import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './app.css'

import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode, useEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { ApiError, signedOut } from './api/client'
import { SignIn } from './pages/SignIn'
import { Failed } from './parts/States'
import { router } from './routes'
import { noteSession, useSession } from './shell/session'
import { theme, variables } from './theme'

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // Asking again helps against a lost connection, not against a refusal.
      retry: (failures, error) => failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
      refetchOnWindowFocus: true,
    },
  },
})

function App() {
  const session = useSession()
  useEffect(() => {
    const leave = () => client.setQueryData(['session'], noteSession({ signed_in: false }))
    signedOut.addEventListener('signed-out', leave)
    return () => signedOut.removeEventListener('signed-out', leave)
  }, [])
  if (session.isError && session.data === undefined) {
    return (
      <main style={{ maxWidth: 560, margin: '15vh auto', padding: 20 }}>
        <Failed error={session.error} retry={() => void session.refetch()} />
      </main>
    )
  }
  if (session.data === undefined) return null
  return session.data.signed_in ? <RouterProvider router={router} /> : <SignIn />
}

// A page's script that is gone: the server was replaced by another version. What is there now fits together.
addEventListener('vite:preloadError', (event) => {
  const once = 'tamari-dojo-reloaded'
  if (sessionStorage.getItem(once) === location.href) return
  sessionStorage.setItem(once, location.href)
  event.preventDefault()
  location.reload()
})

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
      <Notifications position="bottom-right" />
      <QueryClientProvider client={client}>
        <App />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
