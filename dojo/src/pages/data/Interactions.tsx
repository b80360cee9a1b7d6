import { Button, Group, Paper, Pill, Select } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { call } from '../../api/client'
import type { TimelineEvent } from '../../api/types'
import { interaction, interactionTypes } from '../../format'
import { Icon } from '../../parts/Icon'
import { Empty, Failed } from '../../parts/States'
import { isReadOnly, useEnvironment } from '../../shell/environment'
import { ExportMenu } from './ExportMenu'
import { Timeline } from './Timeline'

const rows = 50

/** The place behind these events. Imports have many of one moment: so many of it were there already. */
export function after(events: TimelineEvent[]): { until_ms: string; skip: string } {
  const last = events.at(-1)?.time_ms ?? 0
  return { until_ms: String(last), skip: String(events.filter((event) => event.time_ms === last).length) }
}

/** What visitors did, latest first; of one type, or with one product. */
export function InteractionTable() {
  const environment = useEnvironment()
  const { type, product } = useSearch({ from: '/$environment/data-sets/data/interactions' })
  const navigate = useNavigate({ from: '/$environment/data/interactions' })
  const query = useInfiniteQuery({
    queryKey: [environment, 'interactions', type, product],
    queryFn: ({ pageParam }) => call<{ events: TimelineEvent[] }>(`${environment}/interactions?${new URLSearchParams({ rows: String(rows), ...(type === undefined ? {} : { type }), ...(product === undefined ? {} : { product_id: product }), ...pageParam })}`),
    initialPageParam: {},
    getNextPageParam: (last, pages) => (last.events.length < rows ? undefined : after(pages.flatMap((page) => page.events))),
  })
  const events = query.data?.pages.flatMap((page) => page.events) ?? []
  return (
    <Paper p="lg">
      <Group mb="md" align="flex-end" justify="space-between">
        <Select
          label="Type"
          clearable
          searchable
          w={240}
          placeholder="All"
          value={type ?? null}
          data={interactionTypes.map((one) => ({ value: one, label: interaction(one) }))}
          onChange={(value) => void navigate({ search: (before) => ({ ...before, type: value ?? undefined }) })}
        />
        {product !== undefined && (
          <Pill size="md" withRemoveButton onRemove={() => void navigate({ search: (before) => ({ ...before, product: undefined }) })} removeButtonProps={{ 'aria-label': 'Of all products', 'aria-hidden': false, tabIndex: 0 }}>
            with {product}
          </Pill>
        )}
        <ExportMenu set="interactions" filters={{ type, product_id: product }} />
      </Group>
      {query.isError ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : query.data !== undefined && events.length === 0 ? (
        <Empty
          icon="live"
          title={product !== undefined ? 'None with this product' : type === undefined ? 'No interactions yet' : 'None of this type'}
          action={
            isReadOnly(environment) ? undefined : (
              <Button component={Link} to={`/${environment}/data/upload?set=interactions`} leftSection={<Icon name="upload" size={16} />}>
                Upload interactions
              </Button>
            )
          }
        >
          {isReadOnly(environment) ? 'They come from your shop, live, or from files of what visitors did so far.' : 'Upload what visitors did so far, or send it live from your shop with a snippet of the page “Keys and API”.'}
        </Empty>
      ) : (
        <>
          <Timeline events={events} who />
          {query.hasNextPage && (
            <Group justify="center" mt="md">
              <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                Show earlier ones
              </Button>
            </Group>
          )}
        </>
      )}
    </Paper>
  )
}
