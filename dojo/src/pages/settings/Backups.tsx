import { ActionIcon, Alert, Button, Checkbox, FileButton, Group, Progress, Stack, Text, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, call } from '../../api/client'
import { bytes, exactly, time } from '../../format'
import { Badge } from '../../parts/Badge'
import { Confirm } from '../../parts/Confirm'
import { Icon } from '../../parts/Icon'
import { Empty, Failed, Loaded, Section } from '../../parts/States'
import { Table } from '../../parts/Table'
import { isSample, look, useEnvironment } from '../../shell/environment'
import { may, needs } from '../../shell/session'

interface Backup {
  name: string
  size_bytes: number
  made_ms: number
  kind: 'made' | 'uploaded' | 'before-restore'
}

interface Listed {
  backups: Backup[]
  backups_max: number
  free_bytes: number | null
}

const kinds: Record<Backup['kind'], string> = { made: 'Made here', uploaded: 'Uploaded', 'before-restore': 'Before a restore' }

/** Copies of an environment, and the way back to one. */
export function Backups() {
  const environment = useEnvironment()
  const client = useQueryClient()
  const allowed = may('administrator')
  const key = [environment, 'backups']
  const query = useQuery({ queryKey: key, queryFn: () => call<Listed>(`${environment}/backups`), enabled: allowed && !isSample(environment) })
  const again = () => client.invalidateQueries({ queryKey: key })
  const make = useMutation({
    mutationFn: () => call<Backup>(`${environment}/backups`, { method: 'POST' }),
    onSuccess: (made) => {
      notifications.show({ message: `A backup of ${bytes(made.size_bytes)} was made.`, color: 'take' })
      return again()
    },
  })
  const [sent, setSent] = useState<number>()
  const upload = useMutation({
    mutationFn: (file: File) => send(`/dojo/api/${environment}/backups/_upload`, file, setSent),
    onSuccess: () => {
      notifications.show({ message: 'The backup is whole and is in the list.', color: 'take' })
      return again()
    },
    onSettled: () => setSent(undefined),
  })
  if (isSample(environment)) return <Empty icon="data" title="The sample shop needs no backup">Choose Development or Production above.</Empty>
  if (!allowed) {
    return (
      <Empty icon="data" title="Backups are for administrators">
        A backup holds every person’s history and the keys. {needs('administrator')}
      </Empty>
    )
  }
  return (
    <Stack gap="lg">
      <Section
        title={`Backups of ${look[environment].label}`}
        aside={
          <Group gap="xs">
            <FileButton onChange={(file) => file !== null && upload.mutate(file)}>
              {(props) => (
                <Button {...props} size="xs" variant="default" loading={upload.isPending} leftSection={<Icon name="upload" size={15} />}>
                  Upload a backup
                </Button>
              )}
            </FileButton>
            <Button size="xs" onClick={() => make.mutate()} loading={make.isPending}>
              Make a backup
            </Button>
          </Group>
        }
      >
        <Text size="sm" c="dimmed" mb="sm" maw={680}>
          A backup is one file with products, people, interactions, engines and settings. It is made while everything goes on. It lies on the same disk: download what must outlive that disk.
        </Text>
        {sent !== undefined && <Progress value={sent * 100} aria-label="Upload" mb="sm" />}
        {make.isError && <Failed error={make.error} title="No backup was made" />}
        {upload.isError && <Failed error={upload.error} title="The file was not taken" />}
        <Loaded query={query} rows={3}>
          {({ backups, backups_max, free_bytes }) =>
            backups.length === 0 ? (
              <Empty icon="data" title="No backup yet">
                Make one before you try something that you may want to take back.
              </Empty>
            ) : (
              <>
                <div className="table-scroll" tabIndex={0} role="region" aria-label="Backups">
                  <Table miw={560}>
                    <Table.Thead>
                      <Table.Tr>
                        <Table.Th>Made</Table.Th>
                        <Table.Th>How</Table.Th>
                        <Table.Th ta="right">Size</Table.Th>
                        <Table.Th ta="right">
                          <span className="visually-hidden">What can be done</span>
                        </Table.Th>
                      </Table.Tr>
                    </Table.Thead>
                    <Table.Tbody>
                      {backups.map((backup) => (
                        <Line key={backup.name} backup={backup} again={again} />
                      ))}
                    </Table.Tbody>
                  </Table>
                </div>
                <Text size="xs" c="dimmed" mt="xs">
                  {exactly(backups.length)} of at most {exactly(backups_max)}
                  {free_bytes !== null && `; ${bytes(free_bytes)} free on the disk`}
                </Text>
              </>
            )
          }
        </Loaded>
      </Section>
      <Alert color="kin" variant="light" icon={<Icon name="warning" />} title="Erased people and backups">
        <Text size="sm">
          A backup made before somebody was erased still holds that person: keep backups no longer than you promise to your visitors. A restore here erases again whoever was erased since, as far as this
          server knows of it.
        </Text>
      </Alert>
    </Stack>
  )
}

function Line({ backup, again }: { backup: Backup; again: () => Promise<void> }) {
  const environment = useEnvironment()
  const client = useQueryClient()
  const [restoring, restoreDialog] = useDisclosure()
  const [removing, removeDialog] = useDisclosure()
  const [keep, setKeep] = useState(true)
  const path = `${environment}/backups/${encodeURIComponent(backup.name)}`
  const restore = useMutation({
    mutationFn: () => call<{ erased_again: number }>(`${path}/_restore`, { body: { confirm: environment, keep } }),
    onSuccess: ({ erased_again }) => {
      restoreDialog.close()
      notifications.show({
        message: `${look[environment].label} is as it was ${time(backup.made_ms)}.${erased_again > 0 ? ` ${exactly(erased_again)} records of people erased since were erased again.` : ''}`,
        color: 'take',
        autoClose: 10_000,
      })
      return client.invalidateQueries({ queryKey: [environment] })
    },
  })
  const remove = useMutation({
    mutationFn: () => call(path, { method: 'DELETE' }),
    onSuccess: () => {
      removeDialog.close()
      return again()
    },
  })
  return (
    <Table.Tr>
      <Table.Td>{time(backup.made_ms)}</Table.Td>
      <Table.Td>
        <Badge variant="light" color="gray">
          {kinds[backup.kind]}
        </Badge>
      </Table.Td>
      <Table.Td ta="right">{bytes(backup.size_bytes)}</Table.Td>
      <Table.Td>
        <Group gap={6} justify="flex-end" wrap="nowrap">
          <Button size="compact-sm" variant="default" component="a" href={`/dojo/api/${path}`} download>
            Download
          </Button>
          <Button size="compact-sm" variant="default" onClick={restoreDialog.open}>
            Restore
          </Button>
          <Tooltip label="Remove">
            <ActionIcon variant="subtle" color="gray" aria-label={`Remove the backup of ${time(backup.made_ms)}`} onClick={removeDialog.open}>
              <Icon name="trash" size={16} />
            </ActionIcon>
          </Tooltip>
        </Group>
        <Confirm opened={restoring} close={restoreDialog.close} title={`Restore ${look[environment].label}?`} word={environment} action="Restore" run={() => restore.mutate()} busy={restore.isPending} error={restore.error}>
          <Stack gap="sm">
            <Text size="sm">
              Everything in <strong>{look[environment].label}</strong> becomes as it was {time(backup.made_ms)}: what came in since is gone from it. Keys stay as they are now. Uploads are refused for a
              moment; text search is complete again shortly after, and engines are trained again.
            </Text>
            <Checkbox label="Make a backup of the present state first" checked={keep} onChange={(event) => setKeep(event.currentTarget.checked)} />
          </Stack>
        </Confirm>
        <Confirm opened={removing} close={removeDialog.close} title="Remove this backup?" action="Remove" run={() => remove.mutate()} busy={remove.isPending} error={remove.error}>
          <Text size="sm">The file of {time(backup.made_ms)} is gone for good, unless you have downloaded it.</Text>
        </Confirm>
      </Table.Td>
    </Table.Tr>
  )
}

/** Sends a file as it is, and says how far it is; `fetch` would not say. */
function send(url: string, file: File, progress: (share: number) => void): Promise<void> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest()
    request.open('POST', url)
    request.setRequestHeader('X-Dojo', '1')
    request.setRequestHeader('Content-Type', 'application/octet-stream')
    request.upload.onprogress = (event) => progress(event.total === 0 ? 0 : event.loaded / event.total)
    request.onerror = () => failed(new ApiError(0, 'The file did not arrive. Is the server running, and is this machine connected?'))
    request.onload = () => {
      if (request.status < 300) return done()
      let message = `The server answered ${request.status}.`
      try {
        message = (JSON.parse(request.responseText) as { message?: string }).message ?? message
      } catch {
        // A proxy's page of its own; its status says enough.
      }
      failed(new ApiError(request.status, message))
    }
    request.send(file)
  })
}
