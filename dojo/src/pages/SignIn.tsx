import { Alert, Button, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { call } from '../api/client'
import { Mark } from '../shell/Shell'

export function SignIn() {
  const [password, setPassword] = useState('')
  const client = useQueryClient()
  const signIn = useMutation({
    mutationFn: () => call('session', { body: { password } }),
    onSuccess: () => client.setQueryData(['session'], { signed_in: true }),
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
            <input type="text" name="username" value="administrator" autoComplete="username" readOnly hidden />
            <PasswordInput
              label="Administrator’s password"
              description="The server printed it when it first started; or it is what TAMARI_ADMIN_PASSWORD says."
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              autoComplete="current-password"
              data-autofocus
              autoFocus
              required
              withAsterisk={false}
            />
            {signIn.isError && (
              <Alert color="shu" variant="light" role="alert" p="sm">
                {signIn.error.message.charAt(0).toUpperCase() + signIn.error.message.slice(1)}
                {signIn.error.message.includes('not the password') && '. Remove dojo.json from the data folder and start again to get a new one.'}
              </Alert>
            )}
            <Button type="submit" loading={signIn.isPending} disabled={password === ''} fullWidth>
              Sign in
            </Button>
          </Stack>
        </form>
      </Paper>
    </main>
  )
}
