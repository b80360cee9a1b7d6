import { Button, Code as Inline, Group, Menu, Modal, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { call } from '../../api/client'
import { Badge } from '../../parts/Badge'
import { Confirm } from '../../parts/Confirm'
import { Copy } from '../../parts/Copy'
import { Icon } from '../../parts/Icon'
import { Empty, Failed, Loaded, Section } from '../../parts/States'
import { Table } from '../../parts/Table'
import { may, needs, type Role, roleLook, roles, useSession } from '../../shell/session'

interface Account {
  name: string
  role: Role
}

/** A password that the server made up: shown once, to be handed over. */
interface Handed {
  name: string
  password: string
}

/** Who may sign in to the Dojo, as what. */
export function Accounts() {
  const [adding, dialog] = useDisclosure()
  const [handed, setHanded] = useState<Handed>()
  const query = useQuery({ queryKey: ['accounts'], queryFn: () => call<{ accounts: Account[] }>('accounts'), enabled: may('administrator') })
  if (!may('administrator')) {
    return (
      <Empty icon="person" title="Accounts are for administrators">
        {needs('administrator')} Your own password is under “You”.
      </Empty>
    )
  }
  return (
    <Section
      title="Users of the Dojo"
      aside={
        <Button size="xs" onClick={dialog.open}>
          Add somebody
        </Button>
      }
    >
      <Text size="sm" c="dimmed" mb="sm" maw={640}>
        They are the same in every environment. Whoever gets another role or password is signed out at once.
      </Text>
      <Loaded query={query} rows={3}>
        {({ accounts }) => (
          <div className="table-scroll" tabIndex={0} role="region" aria-label="Accounts">
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  <Table.Th>Role</Table.Th>
                  <Table.Th ta="right">
                    <span className="visually-hidden">What can be done</span>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {accounts.map((account) => (
                  <Line key={account.name} account={account} hand={setHanded} />
                ))}
              </Table.Tbody>
            </Table>
          </div>
        )}
      </Loaded>
      <Modal opened={adding} onClose={dialog.close} title={<Text fw={620}>Add somebody</Text>} closeButtonProps={{ 'aria-label': 'Close' }}>
        <Add
          done={(made) => {
            dialog.close()
            setHanded(made)
          }}
        />
      </Modal>
      <Modal opened={handed !== undefined} onClose={() => setHanded(undefined)} title={<Text fw={620}>The password of {handed?.name}</Text>} closeButtonProps={{ 'aria-label': 'Close' }} closeOnClickOutside={false}>
        <Stack gap="md">
          <Group gap="xs">
            <Inline fz="md" px="sm" py={6} data-testid="made-password">
              {handed?.password}
            </Inline>
            <Copy text={handed?.password ?? ''} label="Copy" named />
          </Group>
          <Text size="sm">Hand it over now: it is shown this once and kept nowhere. It can be changed after signing in, under Settings, “You”.</Text>
          <Group justify="flex-end">
            <Button onClick={() => setHanded(undefined)}>Done</Button>
          </Group>
        </Stack>
      </Modal>
    </Section>
  )
}

function Line({ account, hand }: { account: Account; hand: (handed: Handed) => void }) {
  const own = useSession().data?.name === account.name
  const client = useQueryClient()
  const [removing, dialog] = useDisclosure()
  const again = () => client.invalidateQueries({ queryKey: ['accounts'] })
  const path = `accounts/${encodeURIComponent(account.name)}`
  const change = useMutation({
    mutationFn: (body: { role?: Role; new_password?: boolean }) => call<{ password: string | null }>(path, { method: 'PUT', body }),
    onSuccess: ({ password }, body) => {
      if (password !== null) hand({ name: account.name, password })
      else if (body.role !== undefined) notifications.show({ message: `${account.name} is ${roleLook[body.role].label.toLowerCase()} now.`, color: 'take' })
      return again()
    },
    onError: (error) => notifications.show({ message: error.message, color: 'shu' }),
  })
  const remove = useMutation({
    mutationFn: () => call(path, { method: 'DELETE' }),
    onSuccess: () => {
      dialog.close()
      notifications.show({ message: `${account.name} was removed and is signed out.`, color: 'take' })
      return again()
    },
  })
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        {account.name} {own && <Text component="span" size="xs" c="dimmed">(you)</Text>}
      </Table.Td>
      <Table.Td>
        <Badge variant="light" color={account.role === 'administrator' ? 'ai' : 'gray'}>
          {roleLook[account.role].label}
        </Badge>
      </Table.Td>
      <Table.Td ta="right">
        {!own && (
          <Menu width={250} position="bottom-end" shadow="md">
            <Menu.Target>
              <Button size="compact-sm" variant="default" rightSection={<Icon name="down" size={14} />} aria-label={`Change ${account.name}`} loading={change.isPending}>
                Change
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {roles
                .filter((role) => role !== account.role)
                .map((role) => (
                  <Menu.Item key={role} onClick={() => change.mutate({ role })}>
                    Make {roleLook[role].label.toLowerCase()}
                  </Menu.Item>
                ))}
              <Menu.Item onClick={() => change.mutate({ new_password: true })}>New password</Menu.Item>
              <Menu.Divider />
              <Menu.Item color="shu" onClick={dialog.open}>
                Remove
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
        <Confirm opened={removing} close={dialog.close} title={`Remove ${account.name}?`} action="Remove" run={() => remove.mutate()} busy={remove.isPending} error={remove.error}>
          <Text size="sm">They are signed out and cannot sign in any more. Nothing that they did is undone.</Text>
        </Confirm>
      </Table.Td>
    </Table.Tr>
  )
}

function Add({ done }: { done: (handed: Handed | undefined) => void }) {
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const add = useMutation({
    mutationFn: () => call<{ password: string | null }>('accounts', { body: { name, role } }),
    onSuccess: ({ password }) => {
      done(password === null ? undefined : { name: name.trim(), password })
      return client.invalidateQueries({ queryKey: ['accounts'] })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput label="Name" description="What they type when they sign in; an e-mail address will do" value={name} onChange={(event) => setName(event.currentTarget.value)} autoComplete="off" data-autofocus required withAsterisk={false} />
        <Radio.Group label="Role" value={role} onChange={(value) => setRole(value as Role)}>
          <Stack gap="xs" mt={6}>
            {roles.map((one) => (
              <Radio key={one} value={one} label={roleLook[one].label} description={roleLook[one].note} />
            ))}
          </Stack>
        </Radio.Group>
        {add.isError && <Failed error={add.error} title="Nobody was added" />}
        <Group justify="flex-end">
          <Button type="submit" loading={add.isPending} disabled={name.trim() === ''}>
            Add
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
