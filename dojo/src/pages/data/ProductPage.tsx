import { Anchor, Button, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { call, v1 } from '../../api/client'
import type { Product, TimelineEvent, TypeCount } from '../../api/types'
import { exactly, interaction, price } from '../../format'
import { Badge } from '../../parts/Badge'
import { Copy, Json } from '../../parts/Copy'
import { Icon } from '../../parts/Icon'
import { isPicture, Picture } from '../../parts/Picture'
import { priceOf, titleOf } from '../../parts/Products'
import { Empty, Loaded, Section } from '../../parts/States'
import { Table } from '../../parts/Table'
import { isReadOnly, useEnvironment } from '../../shell/environment'
import { DeleteRecords } from './DeleteRecords'
import { EditRecord } from './EditRecord'
import { Timeline } from './Timeline'

/** One product: its fields, its raw record, and what was done with it. */
export function ProductPage() {
  const environment = useEnvironment()
  const { id } = useParams({ from: '/$environment/data/products/$id' })
  const navigate = useNavigate()
  const [deleting, dialog] = useDisclosure()
  const [editing, edit] = useDisclosure()
  const query = useQuery({ queryKey: [environment, 'product', id], queryFn: () => v1<Product>(environment, `products/${encodeURIComponent(id)}`) })
  const done = useQuery({
    queryKey: [environment, 'interactions-of', id],
    queryFn: () => call<{ events: TimelineEvent[]; by_type: TypeCount[] }>(`${environment}/interactions?rows=30&product_id=${encodeURIComponent(id)}`),
  })
  return (
    <Stack gap="lg">
      <Anchor component={Link} to={`/${environment}/data/products`} size="sm">
        <Group gap={4} component="span">
          <Icon name="left" size={15} /> All products
        </Group>
      </Anchor>
      <Loaded query={query} rows={6}>
        {(product) => (
          <>
            <Group align="flex-start" gap="xl" wrap="wrap">
              <div style={{ width: 220, maxWidth: '100%', borderRadius: 14, overflow: 'hidden', border: '1px solid var(--line)' }}>
                <Picture src={product.cover_image} className="card-picture" iconSize={52} />
              </div>
              <Stack gap={8} style={{ flex: '1 1 320px', minWidth: 0 }}>
                <Title order={1}>{titleOf(product)}</Title>
                <Group gap={8}>
                  <Text c="dimmed" size="sm" className="mono">
                    {product.product_id}
                  </Text>
                  <Copy text={product.product_id} label="Copy the id" />
                </Group>
                <Group gap={8}>
                  {product.brand !== undefined && <Badge variant="light" color="gray">{product.brand}</Badge>}
                  {product.availability !== undefined && (
                    <Badge variant="light" color={product.availability === 'OUT_OF_STOCK' ? 'gray' : 'take'}>
                      {product.availability === 'OUT_OF_STOCK' ? 'Out of stock' : product.availability === 'IN_STOCK' ? 'In stock' : product.availability}
                    </Badge>
                  )}
                  {priceOf(product) !== undefined && <Text fw={600}>{price(priceOf(product) ?? 0)}</Text>}
                </Group>
                {product.description !== undefined && (
                  <Text size="sm" maw={640} lineClamp={5}>
                    {product.description}
                  </Text>
                )}
                <Group gap="xs" mt={4}>
                  <Button size="xs" component={Link} to={`/${environment}/sandbox?ask=related&product=${encodeURIComponent(id)}`}>
                    What goes with it
                  </Button>
                  {typeof product.url === 'string' && /^https?:/i.test(product.url) && (
                    <Button size="xs" variant="default" component="a" href={product.url} target="_blank" rel="noreferrer">
                      Open in the shop
                    </Button>
                  )}
                  {!isReadOnly(environment) && (
                    <Button size="xs" variant="default" onClick={edit.open}>
                      Edit
                    </Button>
                  )}
                  {!isReadOnly(environment) && (
                    <Button size="xs" variant="default" c="var(--mantine-color-error)" leftSection={<Icon name="trash" size={15} />} onClick={dialog.open}>
                      Delete
                    </Button>
                  )}
                </Group>
              </Stack>
            </Group>
            <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
              <Section title="Fields">
                <Fields product={product} />
              </Section>
              <Section title="Record" aside={<Copy text={JSON.stringify(product, null, 2)} label="Copy the record" />}>
                <Json value={product} label="The record as JSON" />
              </Section>
            </SimpleGrid>
            {editing && <EditRecord set="products" id={id} close={edit.close} />}
            <DeleteRecords opened={deleting} close={dialog.close} set="products" ids={[id]} done={() => void navigate({ to: `/${environment}/data/products` })} />
          </>
        )}
      </Loaded>
      <Section title="What was done with it" aside={<Group gap={6}>{done.data?.by_type.map((row) => <Badge key={row.type} variant="light" color="gray">{interaction(row.type)} {exactly(row.count)}</Badge>)}</Group>}>
        <Loaded query={done}>{({ events }) => (events.length === 0 ? <Empty icon="live" title="Nobody did anything with it yet" /> : <>
                <Timeline events={events} who what={false} />
                {events.length === 30 && (
                  <Group justify="center" mt="md">
                    <Button variant="default" component={Link} to={`/${environment}/data/interactions?product=${encodeURIComponent(id)}`}>
                      All of them
                    </Button>
                  </Group>
                )}
              </>)}</Loaded>
      </Section>
    </Stack>
  )
}

const shownAbove = new Set(['product_id', 'title', 'description', 'cover_image', 'html'])

function Fields({ product }: { product: Product }) {
  const { custom_attributes: own = {}, ...fields } = product
  const rows = [...Object.entries(fields).filter(([name]) => !shownAbove.has(name)), ...Object.entries(own)]
  return (
    <Table layout="fixed">
      <Table.Tbody>
        {rows.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th w="38%" fw={500} c="dimmed">
              {name}
            </Table.Th>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{shown(value)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => (Array.isArray(one) ? one.join(' › ') : shown(one))).join(', ')
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (value !== null && typeof value === 'object') return JSON.stringify(value)
  const text = String(value)
  return isPicture(text) && text.length > 90 ? `${text.slice(0, 90)}…` : text
}
