import { Button, PasswordInput, SegmentedControl, Stack, Text, useMantineColorScheme } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { call } from '../../api/client'
import { Failed, Section } from '../../parts/States'
import { roleLook, useSession } from '../../shell/session'

/** What is the own affair of whoever is signed in. */
export function You() {
  const { data: session } = useSession()
  return (
    <Stack gap="lg">
      {session?.role !== undefined && (
        <Section title="Account">
          <Text size="sm">
            You are <strong>{session.name}</strong>, {roleLook[session.role].label.toLowerCase()}. {roleLook[session.role].note}.
          </Text>
        </Section>
      )}
      <Section title="Look">
        <Look />
      </Section>
      <Section title="Password">
        <ChangePassword />
      </Section>
    </Stack>
  )
}

function Look() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <SegmentedControl
      aria-label="Look"
      value={colorScheme}
      onChange={(value) => setColorScheme(value as 'light')}
      data={[
        { value: 'auto', label: 'As the system' },
        { value: 'light', label: 'Light' },
        { value: 'dark', label: 'Dark' },
      ]}
    />
  )
}

function ChangePassword() {
  const name = useSession().data?.name ?? ''
  const [password, setPassword] = useState('')
  const [fresh, setFresh] = useState('')
  const [again, setAgain] = useState('')
  const change = useMutation({
    mutationFn: () => call('password', { body: { password, new_password: fresh } }),
    onSuccess: () => {
      notifications.show({ message: 'The password was changed; every other session has ended.', color: 'take' })
      setPassword('')
      setFresh('')
      setAgain('')
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate()
  }
  const differ = again !== '' && again !== fresh
  return (
    <form onSubmit={submit}>
      <Stack gap="sm" maw={420}>
        <input type="text" name="username" value={name} autoComplete="username" readOnly hidden />
        <PasswordInput label="Present password" autoComplete="current-password" value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
        <PasswordInput label="New password" description="At least 8 characters" autoComplete="new-password" value={fresh} onChange={(event) => setFresh(event.currentTarget.value)} />
        <PasswordInput label="New password again" autoComplete="new-password" value={again} onChange={(event) => setAgain(event.currentTarget.value)} error={differ ? 'The two differ' : undefined} />
        {change.isError && <Failed error={change.error} title="The password was not changed" />}
        <div>
          <Button type="submit" loading={change.isPending} disabled={password === '' || fresh.length < 8 || fresh !== again}>
            Change the password
          </Button>
        </div>
      </Stack>
    </form>
  )
}
