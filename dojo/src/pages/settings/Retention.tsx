import { Button, Group, NumberInput, Stack, Switch, Text } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/client'
import { ago, exactly, time } from '../../format'
import { Confirm } from '../../parts/Confirm'
import { Empty, Failed, Loaded, Section } from '../../parts/States'
import { isSample, look, useEnvironment } from '../../shell/environment'
import { may, needs } from '../../shell/session'

interface Set {
  days: number | null
  last_run_ms: number | null
  last_removed: number
}

interface Older {
  before_ms: number
  interactions: number
  visitors: number
  of_interactions: number
}

/** How long interactions are kept. */
export function Retention() {
  const environment = useEnvironment()
  const query = useQuery({ queryKey: [environment, 'retention'], queryFn: () => call<Set>(`${environment}/retention`) })
  if (isSample(environment)) return <Empty icon="data" title="The sample shop is kept as it is">Choose Development or Production above.</Empty>
  return (
    <Section title="How long interactions are kept">
      <Text size="sm" c="dimmed" mb="md" maw={640}>
        Interactions older than this are removed for good each night: from the log, from every file, and from what the next trainings see. Products and profiles stay. Without a limit they are kept
        for ever.
      </Text>
      <Loaded query={query} rows={3}>
        {(set) => <Form key={`${environment}${set.days}`} set={set} />}
      </Loaded>
    </Section>
  )
}

function Form({ set }: { set: Set }) {
  const environment = useEnvironment()
  const client = useQueryClient()
  const [on, setOn] = useState(set.days !== null)
  const [days, setDays] = useState<number | string>(set.days ?? 365)
  const [running, dialog] = useDisclosure()
  const wanted = on && typeof days === 'number' ? days : null
  const [soon] = useDebouncedValue(wanted, 250)
  const preview = useQuery({
    queryKey: [environment, 'retention-preview', soon],
    queryFn: () => call<Older>(`${environment}/retention/preview?days=${soon}`),
    enabled: soon !== null,
    placeholderData: keepPreviousData,
  })
  const save = useMutation({
    mutationFn: () => call<Set>(`${environment}/retention`, { method: 'PUT', body: { days: wanted } }),
    onSuccess: (saved) => {
      notifications.show({ message: saved.days === null ? 'Interactions are kept for ever.' : `Interactions are kept for ${exactly(saved.days)} days; the next night removes what is older.`, color: 'take' })
      client.setQueryData([environment, 'retention'], saved)
    },
  })
  const run = useMutation({
    mutationFn: () => call<{ removed: number }>(`${environment}/retention/_run`, { body: { confirm: environment } }),
    onSuccess: ({ removed }) => {
      dialog.close()
      notifications.show({ message: `${exactly(removed)} interactions were removed.`, color: 'take' })
      return client.invalidateQueries({ queryKey: [environment] })
    },
  })
  const allowed = may('administrator')
  const older = preview.data
  return (
    <Stack gap="md" maw={560}>
      <Switch label="Remove what is old" checked={on} onChange={(event) => setOn(event.currentTarget.checked)} disabled={!allowed} />
      {on && <NumberInput label="Keep interactions for" suffix=" days" min={1} max={36_500} allowDecimal={false} thousandSeparator value={days} onChange={setDays} w={220} disabled={!allowed} />}
      {on && older !== undefined && (
        <Text size="sm" data-testid="older">
          {older.interactions === 0
            ? `Nothing is older than ${time(older.before_ms)}.`
            : `${exactly(older.interactions)} of ${exactly(older.of_interactions)} interactions, of ${exactly(older.visitors)} visitors, are older than that: everything before ${time(older.before_ms)}.`}
        </Text>
      )}
      {preview.isError && <Failed error={preview.error} />}
      {save.isError && <Failed error={save.error} title="It was not saved" />}
      {allowed ? (
        <Group gap="xs">
          <Button onClick={() => save.mutate()} loading={save.isPending} disabled={wanted === set.days || (on && wanted === null)}>
            Save
          </Button>
          {set.days !== null && (
            <Button variant="default" onClick={dialog.open} disabled={wanted !== set.days}>
              Remove now
            </Button>
          )}
        </Group>
      ) : (
        <Text size="sm" c="dimmed">
          {needs('administrator')}
        </Text>
      )}
      {set.last_run_ms !== null && (
        <Text size="sm" c="dimmed">
          It ran {ago(set.last_run_ms)} and removed {exactly(set.last_removed)} interactions.
        </Text>
      )}
      <Confirm opened={running} close={dialog.close} title="Remove old interactions now?" word={environment} action="Remove for good" run={() => run.mutate()} busy={run.isPending} error={run.error}>
        <Text size="sm">
          {older === undefined ? 'What is too old' : `About ${exactly(older.interactions)} interactions`} of <strong>{look[environment].label}</strong> are removed for good. Backups made before still hold them.
        </Text>
      </Confirm>
    </Stack>
  )
}
