import { Alert, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { call } from '../../api/client'
import type { Quality as Figures } from '../../api/types'
import { date, exactly, interaction, share, time } from '../../format'
import { Badge } from '../../parts/Badge'
import { Icon } from '../../parts/Icon'
import { Empty, Loaded, Section } from '../../parts/States'
import { Table } from '../../parts/Table'
import { useEnvironment } from '../../shell/environment'
import { Refused } from './Refused'

/** What helps recommendations and search most, and whether it is there. */
const wanted = ['title', 'description', 'categories', 'cover_image', 'url', 'brand', 'sale_price', 'availability']

export function QualityPage() {
  const environment = useEnvironment()
  const query = useQuery({ queryKey: [environment, 'quality'], queryFn: () => call<Figures>(`${environment}/quality`) })
  return (
    <Loaded query={query} rows={10}>
      {({ products, interactions }) => {
        const missing = products.total === 0 ? [] : wanted.filter((name) => (products.attributes.find((one) => one.name === name)?.share ?? 0) < 0.5)
        const unknown = interactions.products_named === 0 ? 0 : interactions.products_unknown / interactions.products_named
        return (
          <Stack gap="lg">
            {missing.length > 0 && (
              <Alert color="kin" variant="light" icon={<Icon name="warning" />} title="Most products lack these fields">
                <Text size="sm">
                  {missing.join(', ')}. Search and recommendations get better with each of them; upload the products again with these fields.
                </Text>
              </Alert>
            )}
            {unknown > 0.02 && (
              <Alert color="kin" variant="light" icon={<Icon name="warning" />} title={`${share(unknown)} of what was done names products that are not in the catalogue`}>
                <Text size="sm">
                  For example <span className="mono">{interactions.unknown_examples.join(', ')}</span>. Are the ids the same in both files? Interactions are kept and count as soon as the product comes.
                </Text>
              </Alert>
            )}
            <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
              <Section title="Fields of products" aside={<Text size="xs" c="dimmed">{exactly(products.read)} of {exactly(products.total)} read</Text>}>
                {products.total === 0 ? (
                  <Empty icon="data" title="No products yet" />
                ) : (
                  <div className="table-scroll" tabIndex={0} role="region" aria-label="Fields of products">
                    <Table miw={420}>
                      <Table.Thead>
                        <Table.Tr>
                          <Table.Th>Field</Table.Th>
                          <Table.Th w={130}>Filled</Table.Th>
                          <Table.Th>Type</Table.Th>
                        </Table.Tr>
                      </Table.Thead>
                      <Table.Tbody>
                        {products.attributes.map((one) => (
                          <Table.Tr key={one.name} title={one.example}>
                            <Table.Td className="mono">{one.name.replace('custom_attributes.', '')}</Table.Td>
                            <Table.Td>
                              <span className="bar-track" style={{ display: 'block' }}>
                                <span className="bar" style={{ display: 'block', height: 6, width: `${one.share * 100}%` }} />
                              </span>
                              <Text size="xs" c="dimmed">
                                {share(one.share)}
                              </Text>
                            </Table.Td>
                            <Table.Td>
                              {one.kinds.map((kind) => (
                                <Badge key={kind} size="sm" variant="light" color={one.kinds.length > 1 ? 'kin' : 'gray'} style={{ marginRight: 4 }}>
                                  {kind}
                                </Badge>
                              ))}
                            </Table.Td>
                          </Table.Tr>
                        ))}
                      </Table.Tbody>
                    </Table>
                  </div>
                )}
              </Section>
              <Section title="Interactions">
                {interactions.bars.length > 1 && <OverTime bars={interactions.bars} />}
                {interactions.total === 0 ? (
                  <Empty icon="live" title="No interactions yet" />
                ) : (
                  <Table>
                    <Table.Tbody>
                      <Line name="Held">{exactly(interactions.total)}</Line>
                      <Line name="Visitors">{exactly(interactions.visitors)}</Line>
                      <Line name="From">{interactions.first_ms === null ? '–' : time(interactions.first_ms)}</Line>
                      <Line name="To">{interactions.last_ms === null ? '–' : time(interactions.last_ms)}</Line>
                      <Line name="Longest time without any">{interactions.longest_gap === null ? 'less than a day' : `${exactly(interactions.longest_gap.days)} ${interactions.longest_gap.days === 1 ? 'day' : 'days'}, from ${date(interactions.longest_gap.from_ms)}`}</Line>
                      <Line name="Came again since the start of the server, counted once">{exactly(interactions.duplicates)}</Line>
                      <Line name="Products not in the catalogue">{share(unknown)}</Line>
                      {interactions.by_type.map((row) => (
                        <Line key={row.type} name={interaction(row.type)}>
                          {exactly(row.count)}
                        </Line>
                      ))}
                    </Table.Tbody>
                  </Table>
                )}
              </Section>
            </SimpleGrid>
            <Refused />
          </Stack>
        )
      }}
    </Loaded>
  )
}

/** Interactions over time; a gap shows as a gap. */
function OverTime({ bars }: { bars: Figures['interactions']['bars'] }) {
  const most = Math.max(1, ...bars.map((bar) => bar.count))
  const first = bars[0]
  const last = bars.at(-1)
  return (
    <figure style={{ margin: '0 0 14px' }}>
      <div role="img" aria-label={`Interactions over time, from ${first === undefined ? '' : date(first.time_ms)} to ${last === undefined ? '' : date(last.time_ms)}`} style={{ display: 'flex', alignItems: 'flex-end', gap: 1, height: 64 }}>
        {bars.map((bar) => (
          <span key={bar.time_ms} title={`${date(bar.time_ms)}: ${exactly(bar.count)}`} style={{ flex: 1, minWidth: 1, height: bar.count === 0 ? 1 : `${Math.max(3, (bar.count / most) * 100)}%`, background: bar.count === 0 ? 'var(--line)' : 'var(--mantine-color-ai-5)', borderRadius: 1 }} />
        ))}
      </div>
      <Group justify="space-between" mt={4}>
        <Text size="xs" c="dimmed">{first === undefined ? '' : date(first.time_ms)}</Text>
        <Text size="xs" c="dimmed">{last === undefined ? '' : date(last.time_ms)}</Text>
      </Group>
    </figure>
  )
}

const Line = ({ name, children }: { name: string; children: string }) => (
  <Table.Tr>
    <Table.Th fw={500} c="dimmed">
      {name}
    </Table.Th>
    <Table.Td ta="right">{children}</Table.Td>
  </Table.Tr>
)
