import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { v1 } from '../api/client'
import { enginesQuery, versionsQuery } from '../api/queries'
import type { Engine } from '../api/types'
import { interaction } from '../format'
import { Badge } from '../parts/Badge'
import { Confirm } from '../parts/Confirm'
import { Empty, Loaded, PageHead } from '../parts/States'
import { isReadOnly, useEnvironment } from '../shell/environment'
import { EngineForm } from './engines/EngineForm'
import { History } from './engines/History'
import { Quality } from './engines/Quality'
import { Training, isUnderWay } from './engines/Training'
import { Versions } from './engines/Versions'
import { inWords } from './engines/schedule'

/** What learns: engines, their trainings and versions. */
export function Engines() {
  const environment = useEnvironment()
  const [creating, dialog] = useDisclosure()
  const query = useQuery(enginesQuery(environment))
  return (
    <>
      <PageHead
        title="Engines"
        actions={
          isReadOnly(environment) ? undefined : (
            <Button variant="default" onClick={dialog.open}>
              New engine
            </Button>
          )
        }
      >
        An engine learns from interactions which products lead to the ones you care about. What a visitor does counts at once; training adds what everybody’s history tells.
      </PageHead>
      <Loaded query={query} rows={6}>
        {({ engines }) => (
          <Stack gap="lg">
            {engines.map((engine) => (
              <EnginePanel key={engine.engine_id} engine={engine} />
            ))}
          </Stack>
        )}
      </Loaded>
      <EngineForm opened={creating} close={dialog.close} />
    </>
  )
}

function EnginePanel({ engine }: { engine: Engine }) {
  const environment = useEnvironment()
  const readOnly = isReadOnly(environment)
  const [editing, dialog] = useDisclosure()
  const [deleting, question] = useDisclosure()
  const client = useQueryClient()
  const id = encodeURIComponent(engine.engine_id)
  const history = useQuery({
    ...versionsQuery(environment, engine.engine_id),
    // A schedule, or somebody else, may start one at any time.
    refetchInterval: ({ state }) => (isUnderWay(state.data?.training) ? 500 : 15_000),
  })
  const remove = useMutation({
    mutationFn: () => v1(environment, `engines/${id}`, { method: 'DELETE' }),
    onSuccess: () => void client.invalidateQueries({ queryKey: [environment, 'engines'] }),
  })
  const refresh = () => void history.refetch()
  return (
    <Paper component="section" p="lg" aria-label={`Engine ${engine.engine_id}`}>
      <Group justify="space-between" mb="sm">
        <Group gap="sm">
          <Title order={2}>{engine.engine_id}</Title>
          {engine.engine_id === 'default' && (
            <Text size="sm" c="dimmed">
              answers whatever names no other engine
            </Text>
          )}
        </Group>
        {!readOnly && (
          <Group gap="xs">
            {engine.engine_id !== 'default' && (
              <Button size="xs" variant="subtle" color="shu" loading={remove.isPending} onClick={question.open}>
                Delete
              </Button>
            )}
            <Button size="xs" variant="default" onClick={dialog.open}>
              Change
            </Button>
          </Group>
        )}
      </Group>
      <Stack gap="md">
        <Group gap={8}>
          <Text size="sm" c="dimmed">
            Optimises for
          </Text>
          {engine.optimize_for === null ? (
            <Badge variant="light">Whatever speaks for a product</Badge>
          ) : (
            engine.optimize_for.map((type) => (
              <Badge key={type} variant="light">
                {interaction(type)}
              </Badge>
            ))
          )}
          <Text size="sm" c="dimmed">
            {engine.weight_by === null ? '' : `weighted by ${engine.weight_by.replace('custom_attributes.', '')} (${Math.round(engine.weight_power * 100)} %) · `}
            {inWords(engine.schedule)}
          </Text>
        </Group>
        <Loaded query={history} rows={3}>
          {({ versions, training }) => {
            const inUse = versions.find((version) => version.in_use)
            return (
              <>
                <Training engine={engine} training={training} refresh={refresh} />
                {inUse !== undefined && <Quality version={inUse} />}
                <History versions={versions} />
                {versions.length === 0 ? (
                  <Empty icon="engine" title="Not trained yet">
                    Until then, recommendations rest on popularity, trends and what each visitor just did.
                  </Empty>
                ) : (
                  <Versions engine={engine} versions={versions} refresh={refresh} />
                )}
              </>
            )
          }}
        </Loaded>
      </Stack>
      <EngineForm opened={editing} close={dialog.close} engine={engine} />
      <Confirm opened={deleting} close={question.close} title={`Delete the engine “${engine.engine_id}”?`} action="Delete" word={engine.engine_id} run={() => remove.mutate()} busy={remove.isPending} error={remove.error}>
        <Text size="sm">Its models are deleted with it, and requests that name it are refused from then on.</Text>
      </Confirm>
    </Paper>
  )
}
