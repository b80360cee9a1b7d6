import { Button, Group, Modal, MultiSelect, Select, Slider, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { v1 } from '../../api/client'
import type { Choices, Engine } from '../../api/types'
import { count, exactly, interaction, interactionTypes } from '../../format'
import { Failed } from '../../parts/States'
import { useEnvironment } from '../../shell/environment'
import { schedules } from './schedule'

const OTHER = 'other'

/** An engine's definition; without `engine`, a new one. The types that the data holds come first, with their counts. */
export function EngineForm({ opened, close, engine }: { opened: boolean; close: () => void; engine?: Engine }) {
  return (
    <Modal opened={opened} onClose={close} title={<Text fw={620}>{engine === undefined ? 'New engine' : `Change ${engine.engine_id}`}</Text>} closeButtonProps={{ 'aria-label': 'Close' }}>
      {/* Made anew each time it opens, so that what was not saved is gone. */}
      {opened && <Fields close={close} engine={engine} />}
    </Modal>
  )
}

function Fields({ close, engine }: { close: () => void; engine?: Engine }) {
  const environment = useEnvironment()
  const client = useQueryClient()
  const isNew = engine === undefined
  const [id, setId] = useState(engine?.engine_id ?? '')
  const [optimize, setOptimize] = useState<string[]>(engine?.optimize_for ?? [])
  const [weight, setWeight] = useState(engine?.weight_by ?? '')
  const [power, setPower] = useState((engine?.weight_power ?? 1) * 100)
  const [schedule, setSchedule] = useState(engine?.schedule ?? '')
  const [written, setWritten] = useState(!schedules.some(({ value }) => value === (engine?.schedule ?? '')))
  const choices = useQuery({ queryKey: [environment, 'choices'], queryFn: () => v1<Choices>(environment, 'engines/_choices') })
  const counts = new Map(choices.data?.interactions.map((row) => [row.type, row.count]))
  const attributes = choices.data?.attributes ?? []
  const weights = attributes.map(({ name, products }) => ({ value: name, label: `${name.replace('custom_attributes.', '')} (${count(products)} products)` }))
  if (weight !== '' && !weights.some(({ value }) => value === weight)) weights.push({ value: weight, label: weight })
  const save = useMutation({
    mutationFn: () =>
      v1(environment, isNew ? 'engines' : `engines/${encodeURIComponent(engine.engine_id)}`, {
        method: isNew ? 'POST' : 'PUT',
        // One engine answers recommendations and searches alike: its kind is a note of whoever made it by the API.
        body: { engine_id: id, kind: engine?.kind ?? 'recommendation', optimize_for: optimize.length === 0 ? null : optimize, weight_by: weight === '' ? null : weight, weight_power: power / 100, schedule: schedule === '' ? null : schedule },
      }),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: [environment, 'engines'] })
      notifications.show({ message: isNew ? 'The engine is there. Train it to put it to work.' : 'Changed. It counts from the next training on.', color: 'take' })
      close()
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <Stack gap="md">
        {isNew && <TextInput label="Name" description="Letters, digits, - and _; requests name it as engine_id" value={id} onChange={(event) => setId(event.currentTarget.value)} required pattern="[A-Za-z0-9\-][A-Za-z0-9_\-]*" maxLength={64} data-autofocus />}
        <MultiSelect
          label="Optimise for"
          description="The interactions whose chance is learnt; none picked: whatever speaks for a product"
          placeholder={optimize.length === 0 ? 'Whatever speaks for a product' : undefined}
          value={optimize}
          onChange={setOptimize}
          searchable
          clearable
          data={[...interactionTypes].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0)).map((type) => ({ value: type, label: counts.has(type) ? `${interaction(type)} (${exactly(counts.get(type) ?? 0)})` : interaction(type) }))}
        />
        <Select label="Weight by" description="A number of the product, such as its price or margin" clearable searchable placeholder="Every interaction counts the same" value={weight === '' ? null : weight} onChange={(value) => setWeight(value ?? '')} data={weights} />
        {weight !== '' && (
          <div>
            <Text size="sm" fw={500} id="weight-power">
              How much it weighs: {power} %
            </Text>
            <Slider value={power} onChange={setPower} step={5} label={(value) => `${value} %`} thumbProps={{ 'aria-labelledby': 'weight-power' }} thumbLabel="How much it weighs" />
            <Text size="xs" c="dimmed" mt={4}>
              At 100 % a product of twice the number counts twice; at 0 % it makes no difference.
            </Text>
          </div>
        )}
        <Select
          label="Train"
          allowDeselect={false}
          value={written ? OTHER : schedule}
          onChange={(value) => {
            setWritten(value === OTHER)
            if (value !== OTHER) setSchedule(value ?? '')
          }}
          data={[...schedules, { value: OTHER, label: 'By another schedule…' }]}
        />
        {written && <TextInput label="Schedule" description="As in cron, UTC: minute, hour, day, month, day of the week" placeholder="30 4 * * 1-5" value={schedule} onChange={(event) => setSchedule(event.currentTarget.value)} required />}
        {save.isError && <Failed error={save.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending} disabled={id === ''}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
