import { Anchor, Button, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { call, v1 } from '../../api/client'
import type { Person, RecommendationAnswer } from '../../api/types'
import { exactly } from '../../format'
import { Badge } from '../../parts/Badge'
import { Copy, Json } from '../../parts/Copy'
import { Icon } from '../../parts/Icon'
import { ProductFace } from '../../parts/Products'
import { Empty, Loaded, Section } from '../../parts/States'
import { Why } from '../sandbox/Why'
import { isReadOnly, useEnvironment } from '../../shell/environment'
import { DeleteRecords } from './DeleteRecords'
import { EditRecord } from './EditRecord'
import { Pages } from './Products'
import { Timeline } from './Timeline'

/** Events of one page. */
const rows = 50

/** One visitor: what they did, what their profile says, what would be recommended now. */
export function PersonPage() {
  const environment = useEnvironment()
  const { kind, id } = useParams({ from: '/$environment/data/users/$kind/$id' })
  const { page = 1 } = useSearch({ from: '/$environment/data/users/$kind/$id' })
  const navigate = useNavigate()
  const [deleting, dialog] = useDisclosure()
  const [editing, edit] = useDisclosure()
  const field = kind === 'anonymous' ? 'anonymous_id' : 'user_id'
  const query = useQuery({
    queryKey: [environment, 'person', kind, id, page],
    queryFn: () => call<Person>(`${environment}/person?${new URLSearchParams({ [field]: id, rows: String(rows), start: String((page - 1) * rows) })}`),
    placeholderData: (before, query) => (query?.queryKey[3] === id ? before : undefined),
  })
  const liked = useQuery({
    queryKey: [environment, 'likes', kind, id],
    queryFn: () => v1<RecommendationAnswer>(environment, 'recommendation/user_to_products', { body: { [field]: id, rows: 6, fl: ['*'], explain: true } }),
  })
  return (
    <Stack gap="lg">
      <Anchor component={Link} to={`/${environment}/data/users`} size="sm">
        <Group gap={4} component="span">
          <Icon name="left" size={15} /> All visitors and users
        </Group>
      </Anchor>
      <Group justify="space-between">
        <div>
          <Title order={1} style={{ overflowWrap: 'anywhere' }}>
            {id}
          </Title>
          <Group gap={8} mt={4}>
            <Badge variant="light" color={kind === 'anonymous' ? 'gray' : 'ai'}>
              {kind === 'anonymous' ? 'Anonymous visitor' : 'User'}
            </Badge>
            <Text size="sm" c="dimmed">
              {query.data === undefined ? '' : `${exactly(query.data.interactions)} events`}
            </Text>
          </Group>
        </div>
        <Group gap="xs">
          <Button size="xs" component={Link} to={`/${environment}/sandbox?${kind === 'anonymous' ? 'anonymous' : 'user'}=${encodeURIComponent(id)}`}>
            Be this visitor
          </Button>
          {query.data?.profile !== undefined && query.data.profile !== null && !isReadOnly(environment) && (
            <Button size="xs" variant="default" onClick={edit.open}>
              Edit the profile
            </Button>
          )}
          {kind === 'user' && !isReadOnly(environment) && (
            <Button size="xs" variant="default" c="var(--mantine-color-error)" leftSection={<Icon name="trash" size={15} />} onClick={dialog.open}>
              Delete
            </Button>
          )}
        </Group>
      </Group>
      <Section title="What the engine thinks this person likes">
        <Loaded query={liked} rows={3}>
          {({ products = [] }) =>
            products.length === 0 ? (
              <Empty icon="sandbox" title="Nothing to recommend yet" />
            ) : (
              <ul className="cards">
                {products.map((product) => (
                  <li key={product.product_id}>
                    <Link className="card" to="/$environment/data/products/$id" params={{ environment, id: product.product_id }}>
                      <ProductFace product={product} note={<Why product={product} />} />
                    </Link>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </Section>
      <Loaded query={query} rows={8}>
        {(person) => (
          <>
            {person.profile !== null && (
              <SimpleGrid cols={1}>
                <Section title="Profile" aside={<Copy text={JSON.stringify(person.profile, null, 2)} label="Copy the profile" />}>
                  <Json value={person.profile} label="The profile as JSON" />
                </Section>
              </SimpleGrid>
            )}
            <Section title="Timeline">
              {person.events.length === 0 ? <Empty icon="live" title="Nothing was done yet" /> : <Timeline events={person.events} />}
              <Pages total={person.interactions} size={rows} page={page} onPage={(next) => void navigate({ to: '.', search: next === 1 ? {} : { page: next }, resetScroll: false })} />
            </Section>
          </>
        )}
      </Loaded>
      {editing && <EditRecord set="users" id={id} close={edit.close} />}
      <DeleteRecords opened={deleting} close={dialog.close} set="users" ids={[id]} done={() => void navigate({ to: `/${environment}/data/users` })} />
    </Stack>
  )
}
