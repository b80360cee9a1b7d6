import { Button, Group, Paper, Select } from '@mantine/core'
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

/** What visitors did, latest first. */
export function InteractionTable() {
  const environment = useEnvironment()
  const { type } = useSearch({ from: '/$environment/data-sets/data/interactions' })
  const navigate = useNavigate({ from: '/$environment/data/interactions' })
  const query = useInfiniteQuery({
    queryKey: [environment, 'interactions', type],
    queryFn: ({ pageParam }) => call<{ events: TimelineEvent[] }>(`${environment}/interactions?rows=${rows}${type === undefined ? '' : `&type=${type}`}${pageParam === 0 ? '' : `&before_ms=${pageParam}`}`),
    initialPageParam: 0,
    getNextPageParam: (last) => (last.events.length < rows ? undefined : last.events.at(-1)?.time_ms),
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
          onChange={(value) => void navigate({ search: value === null ? {} : { type: value } })}
        />
        <ExportMenu set="interactions" filters={{ type }} />
      </Group>
      {query.isError ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : query.data !== undefined && events.length === 0 ? (
        <Empty
          icon="live"
          title={type === undefined ? 'No interactions yet' : 'None of this type'}
          action={
            isReadOnly(environment) ? undefined : (
              <Button component={Link} to={`/${environment}/data/upload?set=interactions`} leftSection={<Icon name="upload" size={16} />}>
                Upload interactions
              </Button>
            )
          }
        >
          Upload what visitors did so far, or send it live from your shop with a snippet of the page “Keys and API”.
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
