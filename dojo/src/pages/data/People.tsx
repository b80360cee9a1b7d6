import { Group, Paper, SegmentedControl, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../../api/client'
import type { PersonRow } from '../../api/types'
import { ago, exactly, time } from '../../format'
import { Badge } from '../../parts/Badge'
import { Icon } from '../../parts/Icon'
import { SortHead } from '../../parts/SortHead'
import { Empty, Loaded } from '../../parts/States'
import { Table } from '../../parts/Table'
import { useEnvironment } from '../../shell/environment'
import { ExportMenu } from './ExportMenu'
import { Pages } from './Products'

const rows = 50

/** Everybody who did something or has a profile, latest seen first. */
export function PeopleTable() {
  const environment = useEnvironment()
  const { q = '', kind, sort, page = 1 } = useSearch({ from: '/$environment/data-sets/data/users' })
  const navigate = useNavigate({ from: '/$environment/data/users' })
  const [typed, setTyped] = useState(q)
  const search = useDebouncedCallback((text: string) => void navigate({ search: (before) => ({ ...before, q: text === '' ? undefined : text, page: undefined }), replace: true }), 200)
  const order = (sort: 'events' | undefined) => void navigate({ search: (before) => ({ ...before, sort, page: undefined }) })
  const query = useQuery({
    queryKey: [environment, 'people', q, kind, sort, page],
    queryFn: () => call<{ total: number; people: PersonRow[] }>(`${environment}/people?${new URLSearchParams({ q, rows: String(rows), start: String((page - 1) * rows), kind: kind ?? '', sort: sort ?? '' })}`),
    placeholderData: keepPreviousData,
  })
  return (
    <Paper p="lg">
      <Group mb="md" align="flex-end">
        <TextInput
          style={{ flex: '1 1 240px' }}
          label="Search"
          placeholder="Part of an id"
          leftSection={<Icon name="search" size={16} />}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            search(event.currentTarget.value)
          }}
        />
        <SegmentedControl
          aria-label="Kind of visitor"
          value={kind ?? 'all'}
          onChange={(value) => void navigate({ search: (before) => ({ ...before, kind: value === 'all' ? undefined : (value as 'user'), page: undefined }) })}
          data={[
            { value: 'all', label: 'All' },
            { value: 'user', label: 'Users' },
            { value: 'anonymous', label: 'Anonymous' },
          ]}
        />
        <ExportMenu set="users" filters={{ user_id: q }} />
      </Group>
      <Loaded query={query} rows={10}>
        {(found) =>
          found.total === 0 ? (
            <Empty icon="person" title={q === '' ? 'Nobody yet' : 'Nobody has such an id'}>
              {q === '' ? 'Visitors appear here with their first interaction, users also with their profile.' : 'Ids are searched for this text, whatever its case.'}
            </Empty>
          ) : (
            <>
              <Text size="sm" c="dimmed" mb={4} aria-live="polite">
                {exactly(found.total)} people
              </Text>
              <div className="table-scroll" tabIndex={0} role="region" aria-label="People">
                <Table highlightOnHover miw={480} style={{ opacity: query.isPlaceholderData ? 0.6 : 1 }}>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>Id</Table.Th>
                      <Table.Th>Kind</Table.Th>
                      <SortHead right sorted={sort === 'events' ? 'descending' : undefined} press={() => order('events')}>
                        Events
                      </SortHead>
                      <SortHead sorted={sort === undefined ? 'descending' : undefined} press={() => order(undefined)}>
                        Last seen
                      </SortHead>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {found.people.map((person) => {
                      const id = person.user_id ?? person.anonymous_id ?? ''
                      return (
                        <Table.Tr key={`${person.user_id === null}${id}`}>
                          <Table.Td>
                            <Link className="row-link mono" to="/$environment/data/users/$kind/$id" params={{ environment, kind: person.user_id === null ? 'anonymous' : 'user', id }}>
                              {id}
                            </Link>
                          </Table.Td>
                          <Table.Td>
                            <div className="cell-pair">
                              <Badge size="sm" variant="light" color={person.user_id === null ? 'gray' : 'ai'}>
                                {person.user_id === null ? 'Anonymous' : 'User'}
                              </Badge>
                              {person.has_profile && (
                                <Badge size="sm" variant="outline" color="gray">
                                  Profile
                                </Badge>
                              )}
                            </div>
                          </Table.Td>
                          <Table.Td ta="right">{exactly(person.interactions)}</Table.Td>
                          <Table.Td>
                            {person.latest_ms === null ? (
                              '–'
                            ) : (
                              <time dateTime={new Date(person.latest_ms).toISOString()} title={time(person.latest_ms)}>
                                {ago(person.latest_ms)}
                              </time>
                            )}
                          </Table.Td>
                        </Table.Tr>
                      )
                    })}
                  </Table.Tbody>
                </Table>
              </div>
              <Pages total={found.total} size={rows} page={page} onPage={(next) => void navigate({ search: (before) => ({ ...before, page: next === 1 ? undefined : next }) })} />
            </>
          )
        }
      </Loaded>
    </Paper>
  )
}
