import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { v1 } from '../../api/client'
import type { Engine, Version } from '../../api/types'
import { ago, bytes, count, duration, exactly, time } from '../../format'
import { Badge } from '../../parts/Badge'
import { Confirm } from '../../parts/Confirm'
import { Table } from '../../parts/Table'
import { isReadOnly, useEnvironment } from '../../shell/environment'

const states = {
  in_use: { label: 'In use', color: 'take' },
  kept_out: { label: 'Kept out', color: 'kin' },
  replaced: { label: 'Replaced', color: 'gray' },
} as const

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })
const metric = (version: Version, name: string) => {
  const value = version.metrics[name]
  return typeof value === 'number' ? value.toFixed(3) : '–'
}

/** The versions of an engine's model, with the ways back and out. */
export function Versions({ engine, versions, refresh }: { engine: Engine; versions: Version[]; refresh: () => void }) {
  const environment = useEnvironment()
  const readOnly = isReadOnly(environment)
  const path = (version: Version) => `engines/${encodeURIComponent(engine.engine_id)}/versions/${encodeURIComponent(version.version)}`
  const [asking, setAsking] = useState<{ version: Version; what: 'use' | 'delete' }>()
  const leave = () => setAsking(undefined)
  const failed = (error: Error) => notifications.show({ message: error.message, color: 'shu' })
  const use = useMutation({
    mutationFn: (version: Version) => v1(environment, `${path(version)}/activate`, { body: { force: version.state === 'kept_out' } }),
    onSuccess: () => notifications.show({ message: 'It is in use now.', color: 'take' }),
    onError: failed,
    onSettled: () => {
      leave()
      refresh()
    },
  })
  const remove = useMutation({
    mutationFn: (version: Version) => v1(environment, path(version), { method: 'DELETE' }),
    onError: failed,
    onSettled: () => {
      leave()
      refresh()
    },
  })
  const isUse = asking?.what === 'use'
  return (
    <>
    <div className="table-scroll" tabIndex={0} role="region" aria-label={`Versions of ${engine.engine_id}`}>
      <Table miw={760}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Trained</Table.Th>
            <Table.Th>Data used</Table.Th>
            <Table.Th ta="right">Took</Table.Th>
            <Table.Th ta="right">nDCG@10</Table.Th>
            <Table.Th ta="right">of popularity</Table.Th>
            <Table.Th />
            {!readOnly && <Table.Th />}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {versions.map((version) => {
            const trained = Date.parse(version.created_at)
            const state = states[version.state]
            return (
              <Table.Tr key={version.version}>
                <Table.Td style={{ whiteSpace: 'nowrap' }}>
                  <time dateTime={version.created_at} title={time(trained)}>
                    {ago(trained)}
                  </time>
                </Table.Td>
                <Table.Td>
                  {exactly(version.data.interactions)} interactions
                  <Text size="xs" c="dimmed">
                    {count(version.data.people)} people, {count(version.data.products)} products
                    {version.data.from !== null && version.data.to !== null && `, ${day.formatRange(Date.parse(version.data.from), Date.parse(version.data.to))}`}
                  </Text>
                </Table.Td>
                <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }} title={version.model_bytes > 0 ? `The model has ${bytes(version.model_bytes)}` : undefined}>
                  {duration(version.took_ms)}
                </Table.Td>
                <Table.Td ta="right">{metric(version, 'ndcg_10')}</Table.Td>
                <Table.Td ta="right">{metric(version, 'ndcg_10_popularity')}</Table.Td>
                <Table.Td>
                  <Badge color={state.color} variant="light">
                    {state.label}
                  </Badge>
                  {version.reason !== null && (
                    <Text size="xs" c="dimmed" mt={2} maw={280}>
                      {version.reason}
                    </Text>
                  )}
                </Table.Td>
                {!readOnly && (
                  <Table.Td>
                    {!version.in_use && (
                      <Group gap={4} justify="flex-end" wrap="nowrap">
                        <Button
                          size="compact-xs"
                          variant="default"
                          loading={use.isPending && use.variables === version}
                          onClick={() => (version.state === 'kept_out' ? setAsking({ version, what: 'use' }) : use.mutate(version))}
                          aria-label={`${version.state === 'kept_out' ? 'Use anyway' : 'Roll back'}: the version of ${time(trained)}`}
                        >
                          {version.state === 'kept_out' ? 'Use anyway' : 'Roll back'}
                        </Button>
                        <Button
                          size="compact-xs"
                          variant="subtle"
                          color="shu"
                          loading={remove.isPending && remove.variables === version}
                          onClick={() => setAsking({ version, what: 'delete' })}
                          aria-label={`Delete: the version of ${time(trained)}`}
                        >
                          Delete
                        </Button>
                      </Group>
                    )}
                  </Table.Td>
                )}
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </Table>
    </div>
    <Confirm
      opened={asking !== undefined}
      close={leave}
      title={isUse ? 'Use it nevertheless?' : 'Delete this version?'}
      action={isUse ? 'Use it' : 'Delete'}
      run={() => asking !== undefined && (isUse ? use : remove).mutate(asking.version)}
      busy={use.isPending || remove.isPending}
    >
      <Text size="sm">{isUse ? (asking?.version.reason ?? 'It was kept out.') : asking !== undefined && `The version of ${time(Date.parse(asking.version.created_at))} cannot be brought back.`}</Text>
    </Confirm>
    </>
  )
}
