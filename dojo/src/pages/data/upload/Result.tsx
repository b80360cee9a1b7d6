import { Alert, Anchor, Button, Group, Paper, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { duration, exactly } from '../../../format'
import { Badge } from '../../../parts/Badge'
import { Icon } from '../../../parts/Icon'
import { Table } from '../../../parts/Table'
import { useEnvironment } from '../../../shell/environment'
import { setNames } from '../../../upload/fields'
import type { Outcome, UploadAbout } from '../../../upload/types'

/** What an import came to, and where to go from there. */
export function Result({ upload, another }: { upload: UploadAbout; another: ReactNode }) {
  const environment = useEnvironment()
  const outcome = upload.imported
  if (outcome === null || upload.kind === null) return null
  const name = setNames[upload.kind].toLowerCase()
  const took = (outcome.ended_ms ?? outcome.began_ms) - outcome.began_ms
  return (
    <>
      <Paper p="lg" component="section" aria-live="polite">
        <Group gap="sm" mb={6}>
          <Badge color={upload.stage === 'done' ? 'take' : 'gray'} variant="light" leftSection={<Icon name={upload.stage === 'done' ? 'check' : 'pause'} size={13} />}>
            {upload.stage === 'done' ? 'Done' : 'Stopped'}
          </Badge>
          <Title order={2}>
            <span data-testid="accepted">{exactly(outcome.accepted)}</span> {name} imported
          </Title>
        </Group>
        <Text size="sm" c="dimmed">
          {outcome.rejected > 0 ? (
            <>
              <span data-testid="rejected">{exactly(outcome.rejected)}</span> rows were rejected; their reasons are below.{' '}
            </>
          ) : (
            'Every row was taken. '
          )}
          It took {duration(took)}. {upload.stage === 'stopped' ? 'What was stored before it was stopped stays.' : 'The file itself is not kept.'}
        </Text>
        {outcome.warnings.map((warning) => (
          <Alert key={warning} mt="sm" variant="light" color="kin" icon={<Icon name="warning" />}>
            {warning}
          </Alert>
        ))}
        <Group gap="sm" mt="md">
          <Button component={Link} to={`/${environment}/data/${upload.kind}`}>
            See the {name}
          </Button>
          {another}
          {upload.kind === 'interactions' ? (
            <Anchor component={Link} to={`/${environment}/engines`} size="sm" fw={550}>
              Next: train the engine
            </Anchor>
          ) : (
            <Anchor component={Link} to={`/${environment}/data/upload?set=interactions`} size="sm" fw={550}>
              Next: upload interactions
            </Anchor>
          )}
        </Group>
      </Paper>
      <Rejected upload={upload} outcome={outcome} />
    </>
  )
}

/** Errors by reason and by row, and all of them as a file. */
export function Rejected({ upload, outcome }: { upload: UploadAbout; outcome: Outcome }) {
  const environment = useEnvironment()
  if (outcome.rejected === 0) return null
  return (
    <Paper p="lg" component="section">
      <Group justify="space-between" mb="sm">
        <Title order={2}>Rejected rows</Title>
        <Button size="xs" variant="default" component="a" href={`/dojo/api/${environment}/uploads/${upload.id}/rejects`} download leftSection={<Icon name="download" size={15} />}>
          Download all {exactly(outcome.rejected)} with reasons
        </Button>
      </Group>
      <Group gap={6} mb="sm">
        {outcome.reasons.map((one) => (
          <Badge key={one.reason} variant="light" color="kin">
            {exactly(one.count)} × {one.reason}
          </Badge>
        ))}
      </Group>
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Rejected rows" style={{ maxHeight: 360, overflow: 'auto' }}>
        <Table miw={420} stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={90}>Row</Table.Th>
              <Table.Th>Why</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {outcome.errors.map((one) => (
              <Table.Tr key={one.row}>
                <Table.Td>{exactly(one.row)}</Table.Td>
                <Table.Td>{one.reasons.join('; ')}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {outcome.rejected > outcome.errors.length && (
        <Text size="xs" c="dimmed" mt="xs">
          The first {exactly(outcome.errors.length)} are shown.
        </Text>
      )}
    </Paper>
  )
}
