import { Badge, Button, PasswordInput, SegmentedControl, SimpleGrid, Stack, Table, Text, useMantineColorScheme } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { call, type EnvironmentName } from '../api/client'
import { bytes, exactly } from '../format'
import { Code } from '../parts/Copy'
import { Failed, Loaded, PageHead, Section } from '../parts/States'
import { look } from '../shell/environment'

interface About {
  version: string
  data: string
  listen: string
  body_bytes_max: number
  requests_per_second_max: number
  trust_forwarded_for: boolean
  training_threads: number
  environments: { name: EnvironmentName; products: number; interactions: number; is_ready: boolean; is_trained: boolean; memory_bytes: number }[]
}

export function Settings() {
  const query = useQuery({ queryKey: ['server'], queryFn: () => call<About>('server') })
  return (
    <>
      <PageHead title="Settings">The server, its environments, and your way in. They hold for all environments.</PageHead>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Stack gap="lg">
          <Section title="Look">
            <Look />
          </Section>
          <Section title="Password">
            <ChangePassword />
          </Section>
        </Stack>
        <Loaded query={query} rows={8}>
          {(about) => (
            <Stack gap="lg">
              <Section title="Environments">
                <div className="table-scroll" tabIndex={0} role="region" aria-label="Environments">
                  <Table miw={520}>
                    <Table.Thead>
                      <Table.Tr>
                        <Table.Th>Name</Table.Th>
                        <Table.Th ta="right">Products</Table.Th>
                        <Table.Th ta="right">Interactions</Table.Th>
                        <Table.Th ta="right">Memory</Table.Th>
                        <Table.Th>Model</Table.Th>
                      </Table.Tr>
                    </Table.Thead>
                    <Table.Tbody>
                      {about.environments.map((one) => (
                        <Table.Tr key={one.name}>
                          <Table.Td>
                            <Badge variant="light" color={look[one.name].color} style={{ overflow: 'visible' }} miw={96}>
                              {look[one.name].label}
                            </Badge>
                          </Table.Td>
                          <Table.Td ta="right">{exactly(one.products)}</Table.Td>
                          <Table.Td ta="right">{exactly(one.interactions)}</Table.Td>
                          <Table.Td ta="right">{bytes(one.memory_bytes)}</Table.Td>
                          <Table.Td>{one.is_trained ? 'trained' : '–'}</Table.Td>
                        </Table.Tr>
                      ))}
                    </Table.Tbody>
                  </Table>
                </div>
              </Section>
              <Section title="Server">
                <Table>
                  <Table.Tbody>
                    {Object.entries({
                      Version: about.version,
                      'Data folder': about.data,
                      'Listens on': about.listen,
                      'Largest body': bytes(about.body_bytes_max),
                      'Requests per second and key': about.requests_per_second_max === 0 ? 'no limit' : exactly(about.requests_per_second_max),
                      'Believes X-Forwarded-For': about.trust_forwarded_for ? 'yes' : 'no',
                      'Threads for training': exactly(about.training_threads),
                    }).map(([name, value]) => (
                      <Table.Tr key={name}>
                        <Table.Th fw={500} c="dimmed">
                          {name}
                        </Table.Th>
                        <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
                <Text size="sm" c="dimmed" mt="sm">
                  These are changed in tamari.toml, and hold from the next start on.
                </Text>
              </Section>
              <Section title="Backup">
                <Text size="sm" mb="sm">
                  On the server, also while it runs:
                </Text>
                <Code label="How to back up and to restore">{`tamari backup --data ${about.data} backups/today\ntamari restore backups/today --data fresh-data`}</Code>
              </Section>
            </Stack>
          )}
        </Loaded>
      </SimpleGrid>
    </>
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
        <input type="text" name="username" value="administrator" autoComplete="username" readOnly hidden />
        <PasswordInput label="Present password" autoComplete="current-password" value={password} onChange={(event) => setPassword(event.currentTarget.value)} />
        <PasswordInput label="New password" description="At least 8 characters" autoComplete="new-password" value={fresh} onChange={(event) => setFresh(event.currentTarget.value)} />
        <PasswordInput label="New password again" autoComplete="new-password" value={again} onChange={(event) => setAgain(event.currentTarget.value)} error={differ ? 'The two differ' : undefined} />
        {change.isError && <Failed error={change.error} />}
        <div>
          <Button type="submit" loading={change.isPending} disabled={password === '' || fresh.length < 8 || fresh !== again}>
            Change the password
          </Button>
        </div>
      </Stack>
    </form>
  )
}
