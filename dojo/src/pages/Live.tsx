import { Button, Group, List, Paper, Pill, Select, Stack, Text, TextInput, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { call } from '../api/client'
import type { Arrival, Card } from '../api/types'
import { exactly, interaction } from '../format'
import { Badge } from '../parts/Badge'
import { Json } from '../parts/Copy'
import { Icon } from '../parts/Icon'
import { Picture } from '../parts/Picture'
import { titleOf } from '../parts/Products'
import { Empty, Failed, PageHead } from '../parts/States'
import { isReadOnly, isSample, useEnvironment } from '../shell/environment'
import { TypeBadge } from './data/Timeline'
import { effects, sourceOf } from './effects'

interface Answer {
  last: number
  arrivals: Arrival[]
  products: Record<string, Card>
}

/** As many as the server remembers. */
const keptMax = 500
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 1 })

/** Interactions as they arrive: the integrator's debugger. */
export function Live() {
  const environment = useEnvironment()
  // Another environment is another stream, with numbers of its own.
  return <Stream key={environment} />
}

function Stream() {
  const environment = useEnvironment()
  const [paused, setPaused] = useState(false)
  const [kept, setKept] = useState<Answer>({ last: 0, arrivals: [], products: {} })
  const { type, person, product, q = '' } = useSearch({ from: '/$environment/live' })
  const navigate = useNavigate({ from: '/$environment/live' })
  const set = (change: { type?: string; person?: string; product?: string; q?: string }) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })
  const [open, setOpen] = useState<number>()
  const query = useQuery({
    queryKey: [environment, 'live', kept.last],
    queryFn: () => call<Answer>(`${environment}/live?after=${kept.last}`),
    refetchInterval: 1_000,
    enabled: !paused,
    gcTime: 0,
    staleTime: 0,
  })
  const news = query.data
  useEffect(() => {
    if (news === undefined || news.arrivals.length === 0) return
    setKept((before) => ({
      last: news.last,
      arrivals: [...[...news.arrivals].reverse(), ...before.arrivals].slice(0, keptMax),
      products: { ...before.products, ...news.products },
    }))
  }, [news])
  const matches = ({ interaction: one }: Arrival) =>
    (type === undefined || one.type === type) &&
    (person === undefined || one.user_id === person || one.anonymous_id === person) &&
    (product === undefined || (one.product_ids ?? []).includes(product)) &&
    (q === '' || JSON.stringify(one).toLowerCase().includes(q.toLowerCase()))
  const shown = kept.arrivals.filter(matches)
  const types = [...new Set(kept.arrivals.map((arrival) => arrival.interaction.type))].sort()
  return (
    <>
      <PageHead
        title="Live"
        actions={
          <Button variant="default" onClick={() => setPaused(!paused)} leftSection={<Icon name={paused ? 'play' : 'pause'} size={15} />}>
            {paused ? 'Go on' : 'Pause'}
          </Button>
        }
      >
        Every interaction as it arrives since the server started, with what was sent: to see whether your integration does what you think.
      </PageHead>
      <Paper p="lg">
        <Group mb="md" align="flex-end">
          <TextInput style={{ flex: '1 1 220px' }} label="Search" placeholder="Part of an id, a product, any value" value={q} onChange={(event) => set({ q: event.currentTarget.value === '' ? undefined : event.currentTarget.value })} leftSection={<Icon name="search" size={16} />} />
          <Select label="Type" clearable w={220} placeholder="All" value={type ?? null} onChange={(value) => set({ type: value ?? undefined })} data={types.map((one) => ({ value: one, label: interaction(one) }))} />
          <Group gap={7} mb={8}>
            {!paused && !query.isError && <span className="live-dot" aria-hidden="true" />}
            <Text size="sm" c="dimmed" aria-live="polite">
              {paused ? 'paused' : `${exactly(shown.length)} shown`}
            </Text>
          </Group>
        </Group>
        {(person !== undefined || product !== undefined) && (
          <Group gap="xs" mb="sm">
            {person !== undefined && (
              <Pill withRemoveButton onRemove={() => set({ person: undefined })} removeButtonProps={{ 'aria-label': 'Show every person', 'aria-hidden': false, tabIndex: 0 }}>
                Person: {person}
              </Pill>
            )}
            {product !== undefined && (
              <Pill withRemoveButton onRemove={() => set({ product: undefined })} removeButtonProps={{ 'aria-label': 'Show every product', 'aria-hidden': false, tabIndex: 0 }}>
                Product: {product}
              </Pill>
            )}
          </Group>
        )}
        {query.isError && <Failed error={query.error} retry={() => void query.refetch()} />}
        {shown.length === 0 && !query.isError ? (
          <Empty
            icon="live"
            title={kept.arrivals.length === 0 ? 'Waiting for the first interaction' : 'None of those that arrived matches'}
            action={
              kept.arrivals.length === 0 && !isReadOnly(environment) ? (
                <Button component={Link} to={`/${environment}/sandbox`} variant="default" size="sm">
                  Send some from the sandbox
                </Button>
              ) : undefined
            }
          >
            {isSample(environment) ? 'The playground is read-only, so nothing arrives here. Choose Development above and send an interaction.' : 'It appears here within a second of its arrival.'}
          </Empty>
        ) : (
          <Stack gap={0} component="ol" style={{ listStyle: 'none', padding: 0, margin: 0 }}>
            {shown.slice(0, 100).map((arrival) => (
              <Line key={arrival.number} arrival={arrival} products={kept.products} narrow={set} opened={open === arrival.number} toggle={() => setOpen(open === arrival.number ? undefined : arrival.number)} />
            ))}
          </Stack>
        )}
      </Paper>
    </>
  )
}

function Line({ arrival, products, opened, toggle, narrow }: { arrival: Arrival; products: Record<string, Card>; opened: boolean; toggle: () => void; narrow: (to: { person?: string; product?: string }) => void }) {
  const environment = useEnvironment()
  const { interaction: one } = arrival
  const [first, ...others] = one.product_ids ?? []
  const product = first === undefined ? undefined : products[first]
  const who = one.user_id ?? one.anonymous_id ?? ''
  return (
    <li className="arrived" style={{ borderBottom: '1px solid var(--line)' }}>
      <UnstyledButton w="100%" py={8} onClick={toggle} aria-expanded={opened}>
        <Group gap="md" wrap="nowrap">
          <Text size="xs" c="dimmed" className="mono" style={{ flex: 'none' }} visibleFrom="sm">
            {clock.format(arrival.at_ms)}
          </Text>
          <span className="live-type">
            <TypeBadge type={one.type} />
          </span>
          <Group gap={9} wrap="nowrap" style={{ flex: 1, minWidth: 0, overflow: 'hidden' }}>
            {first !== undefined && <Picture src={product?.cover_image} className="small-picture" iconSize={15} />}
            <Text size="sm" truncate>
              {first === undefined ? describe(one) : product === undefined ? first : titleOf(product)}
            </Text>
            {product?.known === false && (
              <Badge size="sm" color="kin" variant="light" style={{ flex: 'none' }}>
                not in the catalogue
              </Badge>
            )}
            {others.length > 0 && (
              <Text size="xs" c="dimmed" style={{ flex: 'none' }}>
                and {exactly(others.length)} more
              </Text>
            )}
          </Group>
          {sourceOf(one) !== undefined && (
            <Text size="xs" c="dimmed" visibleFrom="md" truncate maw={150}>
              {sourceOf(one)}
            </Text>
          )}
          <Text size="xs" c="dimmed" className="mono" visibleFrom="sm" truncate maw={210}>
            {who}
          </Text>
        </Group>
      </UnstyledButton>
      {opened && (
        <div style={{ paddingBottom: 12 }}>
          <Group gap="xs" mb="xs">
            {who !== '' && (
              <Button size="compact-xs" variant="default" onClick={() => narrow({ person: who })}>
                Only this person
              </Button>
            )}
            {first !== undefined && (
              <Button size="compact-xs" variant="default" onClick={() => narrow({ product: first })}>
                Only this product
              </Button>
            )}
            {who !== '' && (
              <Button size="compact-xs" variant="subtle" component={Link} to={`/${environment}/data/users/${one.user_id === undefined ? 'anonymous' : 'user'}/${encodeURIComponent(who)}`}>
                The person’s page
              </Button>
            )}
          </Group>
          <Text size="sm" mb={4} fw={550}>
            What it changed
          </Text>
          <List size="sm" mb="sm">
            {effects(one, product).map((effect) => (
              <List.Item key={effect}>{effect}</List.Item>
            ))}
          </List>
          <Json value={one} label="The interaction as it arrived" />
        </div>
      )}
    </li>
  )
}

function describe(one: Arrival['interaction']): string {
  const search = one.search as { keywords?: string } | undefined
  return search?.keywords ?? (Array.isArray(one.category) ? one.category.join(' › ') : '')
}
