import { Alert, Anchor, Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { call } from '../api/client'
import { Mark } from '../shell/Mark'
import { noteSession, type Session } from '../shell/session'

const key = 'tamari-dojo-name'

function rememberedName(): string {
  try {
    return localStorage.getItem(key) ?? 'administrator'
  } catch {
    return 'administrator'
  }
}

function rememberName(name: string) {
  try {
    localStorage.setItem(key, name)
  } catch {
    // Without storage it is typed again.
  }
}

export function SignIn() {
  const [name, setName] = useState(rememberedName)
  const [password, setPassword] = useState('')
  const [lost, setLost] = useState(false)
  const client = useQueryClient()
  const signIn = useMutation({
    mutationFn: () => call<Session>('session', { body: { name, password } }),
    onSuccess: (session) => {
      rememberName(name)
      client.setQueryData(['session'], noteSession(session))
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signIn.mutate()
  }
  return (
    <main className="sign-in">
      <Paper p={34} w="100%" maw={400} shadow="sm">
        <form onSubmit={submit}>
          <Stack gap="md">
            <div>
              <Text c="ai" component="span">
                <Mark size={38} />
              </Text>
              <Title order={1} mt={10}>
                Welcome to the Dojo
              </Title>
              <Text c="dimmed" size="sm" mt={4}>
                Where you see, feed and steer your Tamari.
              </Text>
            </div>
            <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} autoComplete="username" autoCapitalize="none" spellCheck={false} required withAsterisk={false} />
            <PasswordInput label="Password" value={password} onChange={(event) => setPassword(event.currentTarget.value)} autoComplete="current-password" data-autofocus autoFocus required withAsterisk={false} />
            {signIn.isError && (
              <Alert color="shu" variant="light" role="alert" p="sm">
                {signIn.error.message.charAt(0).toUpperCase() + signIn.error.message.slice(1)}
              </Alert>
            )}
            <Button type="submit" loading={signIn.isPending} disabled={name.trim() === '' || password === ''} fullWidth>
              Sign in
            </Button>
            {lost ? (
              <Text size="sm" c="dimmed">
                The server printed the administrator’s password when it first started; with <span className="mono">TAMARI_ADMIN_PASSWORD</span> it is set anew at the next start. Everybody else gets a new
                password from an administrator, under Settings.
              </Text>
            ) : (
              <Anchor component="button" type="button" size="sm" onClick={() => setLost(true)}>
                Where do I find my password?
              </Anchor>
            )}
          </Stack>
        </form>
      </Paper>
    </main>
  )
}
