import { Alert, Badge, Button, Group, Modal, MultiSelect, Paper, Progress, Select, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { useDisclosure, useLocalStorage } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { call, v1 } from '../api/client'
import type { Engine, Quality, TrainingStatus, Version } from '../api/types'
import { ago, duration, exactly, interaction, interactionTypes, time } from '../format'
import { Icon } from '../parts/Icon'
import { Empty, Failed, Loaded, PageHead } from '../parts/States'
import { isReadOnly, useEnvironment } from '../shell/environment'

const schedules = [
  { value: '', label: 'Only when I press the button' },
  { value: '0 * * * *', label: 'Every hour' },
  { value: '0 */6 * * *', label: 'Every six hours' },
  { value: '0 3 * * *', label: 'Every night at 3:00 UTC' },
  { value: '0 3 * * 0', label: 'Every Sunday at 3:00 UTC' },
]

/** What learns: engines, their trainings and versions. */
export function Engines() {
  const environment = useEnvironment()
  const [creating, dialog] = useDisclosure()
  const query = useQuery({ queryKey: [environment, 'engines'], queryFn: () => v1<{ engines: Engine[] }>(environment, 'engines') })
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
  const client = useQueryClient()
  const id = encodeURIComponent(engine.engine_id)
  const versions = useQuery({ queryKey: [environment, 'versions', engine.engine_id], queryFn: () => v1<{ versions: Version[] }>(environment, `engines/${id}/versions`) })
  const remove = useMutation({
    mutationFn: () => v1(environment, `engines/${id}`, { method: 'DELETE' }),
    onSuccess: () => void client.invalidateQueries({ queryKey: [environment, 'engines'] }),
    onError: (error) => notifications.show({ message: error.message, color: 'shu' }),
  })
  return (
    <Paper component="section" p="lg" aria-label={`Engine ${engine.engine_id}`}>
      <Group justify="space-between" mb="sm">
        <Group gap="sm">
          <Title order={2}>{engine.engine_id}</Title>
          <Badge variant="light" color="gray">
            {engine.kind === 'search' ? 'Search' : 'Recommendation'}
          </Badge>
        </Group>
        {!readOnly && (
          <Group gap="xs">
            {engine.engine_id !== 'default' && (
              <Button size="xs" variant="subtle" color="shu" loading={remove.isPending} onClick={() => window.confirm(`Delete the engine “${engine.engine_id}” and its models?`) && remove.mutate()}>
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
          {engine.optimize_for.map((type) => (
            <Badge key={type} variant="light">
              {interaction(type)}
            </Badge>
          ))}
          <Text size="sm" c="dimmed">
            {engine.weight_by === null ? '' : `weighted by ${engine.weight_by} · `}
            {engine.schedule === null ? 'trained by hand' : `trained ${schedules.find((one) => one.value === engine.schedule)?.label.toLowerCase() ?? `at “${engine.schedule}”`}`}
          </Text>
        </Group>
        <Training engine={engine} onDone={() => void versions.refetch()} />
        <Loaded query={versions} rows={2}>
          {(data) =>
            data.versions.length === 0 ? (
              <Empty icon="engine" title="Not trained yet">
                Until then, recommendations rest on popularity, trends and what each visitor just did.
              </Empty>
            ) : (
              <>
                {data.versions.filter((version) => version.in_use).map((version) => <Measured key={version.version} version={version} />)}
                <Versions versions={data.versions} />
              </>
            )
          }
        </Loaded>
      </Stack>
      <EngineForm opened={editing} close={dialog.close} engine={engine} />
    </Paper>
  )
}

/** Starts a training, and follows it, also after the page was left and opened again. */
function Training({ engine, onDone }: { engine: Engine; onDone: () => void }) {
  const environment = useEnvironment()
  const client = useQueryClient()
  const [task, setTask] = useLocalStorage<string>({ key: `tamari-dojo-training-${environment}-${engine.engine_id}`, defaultValue: '', getInitialValueInEffect: false })
  const start = useMutation({
    mutationFn: () => v1<{ task_id: string }>(environment, `engines/${encodeURIComponent(engine.engine_id)}/train`, { method: 'POST' }),
    onSuccess: ({ task_id }) => setTask(task_id),
  })
  const status = useQuery({
    queryKey: [environment, 'training', task],
    queryFn: () => v1<TrainingStatus>(environment, `engines/_status/${task}`),
    enabled: task !== '',
    refetchInterval: ({ state }) => (state.data === undefined || state.data.state === 'queued' || state.data.state === 'running' ? 500 : false),
    retry: false,
  })
  const state = task === '' ? undefined : status.data?.state
  useEffect(() => {
    if (status.isError) setTask('')
    if (state === 'done') {
      onDone()
      void client.invalidateQueries({ queryKey: [environment, 'overview'] })
    }
    // The callbacks change with every drawing; only the state tells of news.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [state, status.isError])
  if (isReadOnly(environment)) {
    return (
      <Text size="sm" c="dimmed">
        The sample shop is trained already; the playground is read-only.
      </Text>
    )
  }
  const running = start.isPending || state === 'queued' || state === 'running'
  return (
    <Stack gap="xs" aria-live="polite">
      <Group gap="md">
        <Button leftSection={<Icon name="play" size={15} />} loading={running} onClick={() => start.mutate()}>
          Train now
        </Button>
        {state === 'queued' && <Text size="sm">Waits for another training to end…</Text>}
        {state === 'done' && (
          <Text size="sm" c="take" fw={550}>
            Trained. The new model is in use.
          </Text>
        )}
      </Group>
      {running && <Progress value={Math.max(4, (status.data?.progress ?? 0) * 100)} animated aria-label="Progress of the training" />}
      {start.isError && <Failed error={start.error} />}
      {state === 'failed' && (
        <Alert color="shu" variant="light" icon={<Icon name="warning" />} title="The training failed">
          {status.data?.error ?? 'The server’s log says why.'} The model before it stays in use.
        </Alert>
      )}
    </Stack>
  )
}

const metricNames: Record<string, string> = {
  observations: 'Observations',
  visitors: 'Visitors',
  took_ms: 'Took',
  validation_cases: 'Questions asked',
  ndcg_10: 'nDCG@10',
  ndcg_10_popularity: 'of popularity',
}

/** How the model in use did on the end of its own log, beside what popularity alone would have done. */
function Measured({ version }: { version: Version }) {
  const { validation_cases: cases, ndcg_10: own, ndcg_10_popularity: popularity, worse_than_popularity: worse } = version.metrics
  if (typeof cases !== 'number' || cases === 0 || typeof own !== 'number' || typeof popularity !== 'number') return null
  const most = Math.max(own, popularity, 1e-6)
  return (
    <div>
      <Title order={3} mb={4}>
        Quality
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        Asked {exactly(cases)} questions of the last part of the log, which it had not seen: how far up was what the visitor then chose? (nDCG@10, from 0 to 1)
      </Text>
      {[
        ['This model', own, 'ai'] as const,
        ['Popularity alone', popularity, 'gray'] as const,
      ].map(([label, value, color]) => (
        <div className="bar-row" key={label}>
          <span>{label}</span>
          <span className="bar-track" aria-hidden="true">
            <span className="bar" style={{ display: 'block', width: `${(value / most) * 100}%`, background: `var(--mantine-color-${color}-6)` }} />
          </span>
          <Text size="sm" c="dimmed" component="span">
            {value.toFixed(3)}
          </Text>
        </div>
      ))}
      {worse === true && (
        <Alert mt="xs" color="kin" variant="light" icon={<Icon name="warning" />}>
          Popularity alone would have done better. With more interactions per visitor this changes; until then the answers lean on popularity.
        </Alert>
      )}
    </div>
  )
}

function Versions({ versions }: { versions: Version[] }) {
  const names = [...new Set(versions.flatMap((version) => Object.entries(version.metrics).filter(([, value]) => typeof value === 'number').map(([name]) => name)))]
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label="Versions">
      <Table miw={480}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Trained</Table.Th>
            {names.map((name) => (
              <Table.Th key={name} ta="right">
                {metricNames[name] ?? name}
              </Table.Th>
            ))}
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {versions.map((version) => (
            <Table.Tr key={version.version}>
              <Table.Td>
                <time dateTime={version.created_at} title={time(Date.parse(version.created_at))}>
                  {ago(Date.parse(version.created_at))}
                </time>
              </Table.Td>
              {names.map((name) => {
                const value = version.metrics[name]
                return (
                  <Table.Td key={name} ta="right">
                    {typeof value !== 'number' ? '–' : name.endsWith('_ms') ? duration(value) : Number.isInteger(value) ? exactly(value) : value.toFixed(3)}
                  </Table.Td>
                )
              })}
              <Table.Td ta="right">
                {version.in_use && (
                  <Badge color="take" variant="light">
                    In use
                  </Badge>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}

/** An engine's definition; without `engine`, a new one. The types that the data holds come first, with their counts. */
function EngineForm({ opened, close, engine }: { opened: boolean; close: () => void; engine?: Engine }) {
  const environment = useEnvironment()
  const client = useQueryClient()
  const [id, setId] = useState(engine?.engine_id ?? '')
  const [kind, setKind] = useState<string>(engine?.kind ?? 'recommendation')
  const [optimize, setOptimize] = useState<string[]>(engine?.optimize_for ?? ['product_detail_page_view', 'add_to_cart', 'checkout'])
  const [weight, setWeight] = useState(engine?.weight_by ?? '')
  const [schedule, setSchedule] = useState(engine?.schedule ?? '')
  const held = useQuery({ queryKey: [environment, 'quality'], queryFn: () => call<Quality>(`${environment}/quality`), enabled: opened })
  const counts = new Map(held.data?.interactions.by_type.map((row) => [row.type, row.count]))
  const numeric = held.data?.products.attributes.filter((one) => one.kinds.includes('number')).map((one) => one.name) ?? []
  const save = useMutation({
    mutationFn: () =>
      v1(environment, engine === undefined ? 'engines' : `engines/${encodeURIComponent(engine.engine_id)}`, {
        method: engine === undefined ? 'POST' : 'PUT',
        body: { engine_id: id, kind, optimize_for: optimize, weight_by: weight === '' ? null : weight, schedule: schedule === '' ? null : schedule },
      }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: [environment, 'engines'] })
      notifications.show({ message: engine === undefined ? 'The engine is there. Train it to put it to work.' : 'Changed. It counts from the next training on.', color: 'take' })
      close()
    },
  })
  return (
    <Modal opened={opened} onClose={close} title={<Text fw={620}>{engine === undefined ? 'New engine' : `Change ${engine.engine_id}`}</Text>} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Stack gap="md">
          {engine === undefined && <TextInput label="Name" description="Letters, digits, - and _; requests name it as engine_id" value={id} onChange={(event) => setId(event.currentTarget.value)} required pattern="[A-Za-z0-9\-][A-Za-z0-9_\-]*" maxLength={64} data-autofocus />}
          <Select label="Kind" allowDeselect={false} value={kind} onChange={(value) => setKind(value ?? 'recommendation')} data={[{ value: 'recommendation', label: 'Recommendation' }, { value: 'search', label: 'Search' }]} />
          <MultiSelect
            label="Optimise for"
            description="The interactions whose chance is learnt"
            value={optimize}
            onChange={setOptimize}
            searchable
            data={[...interactionTypes].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0)).map((type) => ({ value: type, label: counts.has(type) ? `${interaction(type)} (${exactly(counts.get(type) ?? 0)})` : interaction(type) }))}
          />
          <Select label="Weight by" description="A number of the product, such as its price" clearable searchable placeholder="Every interaction counts the same" value={weight === '' ? null : weight} onChange={(value) => setWeight(value ?? '')} data={[...new Set([...numeric, ...(weight === '' ? [] : [weight])])]} />
          <Select label="Train" allowDeselect={false} value={schedule} onChange={(value) => setSchedule(value ?? '')} data={schedules.some((one) => one.value === schedule) ? schedules : [...schedules, { value: schedule, label: schedule }]} />
          {save.isError && <Failed error={save.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending} disabled={optimize.length === 0 || id === ''}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
