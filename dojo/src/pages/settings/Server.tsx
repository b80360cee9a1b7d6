import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { call, type EnvironmentName } from '../../api/client'
import { bytes, exactly } from '../../format'
import { Badge } from '../../parts/Badge'
import { Loaded, Section } from '../../parts/States'
import { Table } from '../../parts/Table'
import { look } from '../../shell/environment'

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

/** The process: what it holds, and what it was started with. */
export function Server() {
  const query = useQuery({ queryKey: ['server'], queryFn: () => call<About>('server') })
  return (
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
        </Stack>
      )}
    </Loaded>
  )
}
