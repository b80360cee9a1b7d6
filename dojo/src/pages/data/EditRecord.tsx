import { Alert, Button, Drawer, Group, Select, SimpleGrid, Stack, Tabs, Text, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ApiError, call } from '../../api/client'
import { Icon } from '../../parts/Icon'
import { Loaded } from '../../parts/States'
import { showUndo } from '../../parts/undo'
import { look, useEnvironment } from '../../shell/environment'
import { errorsOf, formFields, type Record_, textOf, withText } from './record'

interface Versioned {
  record: Record_
  version: string
}

interface Props {
  set: 'products' | 'users'
  id: string
  close: () => void
}

/** A product or a profile to be changed: the common fields as a form, everything as JSON. */
export function EditRecord({ set, id, close }: Props) {
  const environment = useEnvironment()
  const query = useQuery({ queryKey: [environment, 'record', set, id], queryFn: () => call<Versioned>(`${environment}/records/${set}?id=${encodeURIComponent(id)}`), staleTime: 0, gcTime: 0 })
  return (
    <Drawer opened onClose={close} position="right" size="lg" title={<Text fw={620}>{set === 'products' ? 'Edit the product' : 'Edit the profile'}</Text>} closeButtonProps={{ 'aria-label': 'Close' }}>
      <Loaded query={query} rows={8}>
        {(loaded) => <Form key={loaded.version} loaded={loaded} set={set} id={id} close={close} again={() => void query.refetch()} />}
      </Loaded>
    </Drawer>
  )
}

function Form({ loaded, set, id, close, again }: Props & { loaded: Versioned; again: () => void }) {
  const environment = useEnvironment()
  const client = useQueryClient()
  const [record, setRecord] = useState(loaded.record)
  const [tab, setTab] = useState<string | null>('form')
  const [json, setJson] = useState('')
  const [broken, setBroken] = useState<string>()
  useEffect(() => {
    if (tab === 'json') setJson(JSON.stringify(record, null, 2))
    // Only when the tab is entered: while one types, the text is one's own.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [tab])
  const put = (next: Record_, version: string) => call<Versioned>(`${environment}/records/${set}`, { method: 'PUT', body: { record: next, version } })
  const save = useMutation({
    mutationFn: () => put(record, loaded.version),
    onSuccess: ({ version }) => {
      void client.invalidateQueries({ queryKey: [environment] })
      showUndo('Saved.', async () => {
        await put(loaded.record, version)
        void client.invalidateQueries({ queryKey: [environment] })
        return 'It is as it was.'
      })
      close()
    },
  })
  const refused = save.error instanceof ApiError && save.error.lines.length > 0 ? errorsOf(save.error.lines) : {}
  const shown = new Set(tab === 'form' ? formFields[set].map((field) => field.name) : [])
  const elsewhere = Object.entries(refused).filter(([field]) => !shown.has(field))
  const conflict = save.error instanceof ApiError && save.error.status === 409
  const changed = JSON.stringify(record) !== JSON.stringify(loaded.record)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (broken === undefined) save.mutate()
      }}
    >
      <Stack>
        <Text size="sm" c="dimmed">
          <span className="mono">{id}</span> in {look[environment].label}. The next upload with this id replaces what you change here.
        </Text>
        <Tabs value={tab} onChange={setTab} keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="form">Form</Tabs.Tab>
            <Tabs.Tab value="json">JSON</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="form">
            <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
              {formFields[set].map((field) => {
                const common = { label: field.label, error: refused[field.name] }
                const value = textOf(record[field.name], field.shape)
                if (field.shape === 'availability') {
                  return <Select key={field.name} {...common} clearable value={value === '' ? null : value} data={['IN_STOCK', 'OUT_OF_STOCK', 'PRE_ORDER']} onChange={(next) => setRecord(withText(record, field, next ?? ''))} />
                }
                const onChange = (event: { currentTarget: { value: string } }) => setRecord(withText(record, field, event.currentTarget.value))
                if (field.shape === 'long' || field.shape === 'list' || field.shape === 'paths') {
                  return <Textarea key={field.name} {...common} autosize minRows={2} maxRows={8} value={value} onChange={onChange} style={field.shape === 'long' ? { gridColumn: '1 / -1' } : undefined} />
                }
                return <TextInput key={field.name} {...common} value={value} onChange={onChange} inputMode={field.shape === 'number' ? 'decimal' : undefined} />
              })}
            </SimpleGrid>
          </Tabs.Panel>
          <Tabs.Panel value="json">
            <Textarea
              aria-label="The record as JSON"
              autosize
              minRows={16}
              maxRows={30}
              spellCheck={false}
              classNames={{ input: 'mono' }}
              value={json}
              error={broken}
              onChange={(event) => {
                const text = event.currentTarget.value
                setJson(text)
                try {
                  const next: unknown = JSON.parse(text)
                  if (next === null || typeof next !== 'object' || Array.isArray(next)) throw new Error('A record is an object: { … }')
                  setRecord(next as Record_)
                  setBroken(undefined)
                } catch (error) {
                  setBroken(error instanceof Error ? error.message : String(error))
                }
              }}
            />
          </Tabs.Panel>
        </Tabs>
        {save.isError && (elsewhere.length > 0 || Object.keys(refused).length === 0) && (
          <Alert color="shu" variant="light" icon={<Icon name="warning" />} role="alert" title="Not saved">
            {elsewhere.length > 0 ? elsewhere.map(([field, why]) => <Text size="sm" key={field}>{field === '' ? why : `${field}: ${why}`}</Text>) : <Text size="sm">{save.error.message}</Text>}
            {conflict && (
              <Button size="xs" mt="xs" variant="default" onClick={() => { save.reset(); again() }}>
                Load it again
              </Button>
            )}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" disabled={!changed || broken !== undefined} loading={save.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
