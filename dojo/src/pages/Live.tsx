import { Badge, Button, Group, Paper, Select, Stack, Text, TextInput, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { call } from '../api/client'
import type { Arrival, Card } from '../api/types'
import { exactly, interaction } from '../format'
import { Json } from '../parts/Copy'
import { Icon } from '../parts/Icon'
import { Picture } from '../parts/Picture'
import { titleOf } from '../parts/Products'
import { Empty, Failed, PageHead } from '../parts/States'
import { isReadOnly, useEnvironment } from '../shell/environment'
import { TypeBadge } from './data/Timeline'

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
  const [type, setType] = useState<string | null>(null)
  const [wanted, setWanted] = useState('')
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
  const matches = ({ interaction: one }: Arrival) => (type === null || one.type === type) && (wanted === '' || JSON.stringify(one).toLowerCase().includes(wanted.toLowerCase()))
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
          <TextInput style={{ flex: '1 1 220px' }} label="Search" placeholder="Part of an id, a product, any value" value={wanted} onChange={(event) => setWanted(event.currentTarget.value)} leftSection={<Icon name="search" size={16} />} />
          <Select label="Type" clearable w={220} placeholder="All" value={type} onChange={setType} data={types.map((one) => ({ value: one, label: interaction(one) }))} />
          <Group gap={7} mb={8}>
            {!paused && !query.isError && <span className="live-dot" aria-hidden="true" />}
            <Text size="sm" c="dimmed" aria-live="polite">
              {paused ? 'paused' : `${exactly(shown.length)} shown`}
            </Text>
          </Group>
        </Group>
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
            {isReadOnly(environment) ? 'The playground is read-only, so nothing arrives here. Choose Development above and send an interaction.' : 'It appears here within a second of its arrival.'}
          </Empty>
        ) : (
          <Stack gap={0} component="ol" style={{ listStyle: 'none', padding: 0, margin: 0 }}>
            {shown.slice(0, 100).map((arrival) => (
              <Line key={arrival.number} arrival={arrival} products={kept.products} opened={open === arrival.number} toggle={() => setOpen(open === arrival.number ? undefined : arrival.number)} />
            ))}
          </Stack>
        )}
      </Paper>
    </>
  )
}

function Line({ arrival, products, opened, toggle }: { arrival: Arrival; products: Record<string, Card>; opened: boolean; toggle: () => void }) {
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
          <Text size="xs" c="dimmed" className="mono" visibleFrom="sm" truncate maw={210}>
            {who}
          </Text>
        </Group>
      </UnstyledButton>
      {opened && (
        <div style={{ paddingBottom: 12 }}>
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
