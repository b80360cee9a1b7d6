import { Alert, Button, Group, Menu, Modal, Paper, SegmentedControl, Select, Stack, Tabs, Text, Textarea, TextInput, Title, Tooltip } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../../api/client'
import type { Product } from '../../../api/types'
import { exactly, interaction, interactionTypes, share } from '../../../format'
import { Badge } from '../../../parts/Badge'
import { Json } from '../../../parts/Copy'
import { Icon } from '../../../parts/Icon'
import { ProductFace } from '../../../parts/Products'
import { Failed, Loaded } from '../../../parts/States'
import { Table } from '../../../parts/Table'
import { useEnvironment } from '../../../shell/environment'
import { attributeName, type DataSet, dataSets, meaningOf, ownPrefix, setNames } from '../../../upload/fields'
import type { ColumnUse, PlanChange, Preview, UploadAbout } from '../../../upload/types'
import { Rejected } from './Result'

/** What is in the file, how it is read, and what would become of it. */
export function MappingStep({ upload, changed }: { upload: UploadAbout; changed: () => void }) {
  const environment = useEnvironment()
  const client = useQueryClient()
  const place = `${environment}/uploads/${upload.id}`
  const key = [environment, 'upload', upload.id, 'preview']
  const query = useQuery({ queryKey: key, queryFn: () => call<Preview>(`${place}/preview`), staleTime: Infinity, retry: false })
  const plan = useMutation({
    mutationFn: (change: PlanChange) => call<Preview>(`${place}/plan`, { body: change }),
    onSuccess: (next) => {
      client.setQueryData(key, next)
      changed()
    },
  })
  const work = useMutation({ mutationFn: (what: 'check' | 'import') => call(`${place}/_${what}`, { method: 'POST', body: {} }), onSettled: changed })
  return (
    <Loaded query={query} rows={10}>
      {(preview) => (
        <Stack gap="lg">
          <Columns preview={preview} change={plan.mutate} pending={plan.isPending} place={place} saved={(name) => { notifications.show({ message: `Saved as “${name}”. The next file with these columns is read like this one.`, color: 'take' }); void query.refetch() }} />
          {plan.isError && <Failed error={plan.error} />}
          {preview.lacking.map((text) => (
            <Alert key={text} color="kin" variant="light" icon={<Icon name="warning" />} title={text} />
          ))}
          <Outlook preview={preview} />
          {upload.checked !== null && upload.stage === 'ready' && (
            <>
              <Alert color={upload.checked.rejected === 0 ? 'take' : 'kin'} variant="light" icon={<Icon name={upload.checked.rejected === 0 ? 'check' : 'warning'} />} role="status" title={upload.checked.rejected === 0 ? `All ${exactly(upload.checked.accepted)} are fine` : `${exactly(upload.checked.accepted)} are fine, ${exactly(upload.checked.rejected)} rows would be rejected`}>
                {upload.checked.rejected > 0 && 'Change what a column means above, mend the file and choose it again, or import without these rows.'}
              </Alert>
              <Rejected upload={upload} outcome={upload.checked} />
            </>
          )}
          {work.isError && <Failed error={work.error} />}
          <Paper p="md" style={{ position: 'sticky', bottom: 12, zIndex: 5, boxShadow: '0 6px 24px rgba(0,0,0,.08)' }}>
            <Group justify="space-between">
              <Text size="sm" c="dimmed" style={{ flex: '1 1 240px' }}>
                {upload.checked === null ? 'Nothing is stored yet. A check goes through every row first.' : 'The check is done.'}
              </Text>
              <Group gap="xs">
                <Button variant={upload.checked === null ? 'filled' : 'default'} disabled={preview.lacking.length > 0} loading={work.isPending && work.variables === 'check'} onClick={() => work.mutate('check')}>
                  Check all rows
                </Button>
                <Button variant={upload.checked === null ? 'default' : 'filled'} disabled={preview.lacking.length > 0 || upload.checked?.accepted === 0} loading={work.isPending && work.variables === 'import'} onClick={() => work.mutate('import')} leftSection={<Icon name="upload" size={16} />}>
                  {upload.checked === null ? `Import ${preview.kind}` : `Import ${exactly(upload.checked.accepted)} ${preview.kind}`}
                </Button>
              </Group>
            </Group>
          </Paper>
        </Stack>
      )}
    </Loaded>
  )
}

interface ColumnsProps {
  preview: Preview
  change: (change: PlanChange) => void
  pending: boolean
  place: string
  saved: (name: string) => void
}

function Columns({ preview, change, pending, place, saved }: ColumnsProps) {
  const [naming, name] = useDisclosure()
  const [asText, text] = useDisclosure()
  const likeliest = preview.kinds[0]
  const why = preview.kinds.find((one) => one.kind === preview.kind)
  const typeSet = preview.set?.type
  const typed = preview.columns.some((column) => column.fields.includes('type'))
  return (
    <Paper p="lg" component="section" aria-busy={pending}>
      <Group justify="space-between" mb={6}>
        <Title order={2}>What the file holds</Title>
        <SegmentedControl aria-label="Data set" value={preview.kind} onChange={(value) => change({ kind: value as DataSet })} data={dataSets.map((value) => ({ value, label: setNames[value] }))} />
      </Group>
      <Group justify="space-between" mb="md" gap="xs">
        <Group gap={8}>
          <Origin preview={preview} />
          <Text size="sm" c="dimmed">
            {why !== undefined && preview.origin !== 'none' && preview.origin !== 'known' ? `${why.why[0]?.toUpperCase()}${why.why.slice(1)}.` : ''}
          </Text>
        </Group>
        <Menu position="bottom-end" width={280}>
          <Menu.Target>
            <Button size="compact-sm" variant="default" rightSection={<Icon name="down" size={14} />}>
              Mapping
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {preview.saved.length > 0 && <Menu.Label>Use a saved one</Menu.Label>}
            {preview.saved.map((one) => (
              <Menu.Item key={one.name} onClick={() => change({ saved: one.name })}>
                {one.name}
                {one.fits && (
                  <Text size="xs" c="dimmed">
                    made for these columns
                  </Text>
                )}
              </Menu.Item>
            ))}
            <Menu.Label>This one</Menu.Label>
            <Menu.Item disabled={preview.toml === null} onClick={name.open}>
              Save it by name…
            </Menu.Item>
            <Menu.Item onClick={text.open}>Edit it as text…</Menu.Item>
            <Menu.Item onClick={() => change({ guess: true })}>Guess again</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Group>
      {likeliest !== undefined && likeliest.kind !== preview.kind && likeliest.confidence > 0.7 && likeliest.confidence - (why?.confidence ?? 0) > 0.15 && (
        <Alert mb="md" color="kin" variant="light" icon={<Icon name="warning" />} title={`This looks like ${likeliest.kind}`}>
          <Group gap="sm">
            <Text size="sm">{likeliest.why}.</Text>
            <Button size="compact-xs" variant="default" onClick={() => change({ kind: likeliest.kind })}>
              Read it as {likeliest.kind}
            </Button>
          </Group>
        </Alert>
      )}
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Columns">
        <Table miw={620}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Column</Table.Th>
              <Table.Th>Such as</Table.Th>
              <Table.Th w={250}>Means</Table.Th>
              <Table.Th w={84}>
                <span className="visually-hidden">How sure</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {preview.columns.map((column) => (
              <Table.Tr key={column.name}>
                <Table.Td fw={550} style={{ overflowWrap: 'anywhere' }}>
                  {column.name}
                  {column.filled < 1 && (
                    <Text size="xs" c="dimmed" fw={400}>
                      {column.filled === 0 ? 'empty' : `${share(column.filled)} filled`}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  <Text size="sm" c="dimmed" lineClamp={2} maw={340} style={{ overflowWrap: 'anywhere' }}>
                    {column.samples.length === 0 ? '–' : column.samples.join(' · ')}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Meaning column={column} preview={preview} change={change} />
                </Table.Td>
                <Table.Td>
                  <Sure column={column} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {preview.kind === 'interactions' && !typed && preview.origin !== 'none' && (
        <Select
          mt="md"
          maw={360}
          label="What each row tells"
          description="No column says which kind of interaction it is"
          placeholder="Choose one"
          searchable
          value={typeof typeSet === 'string' ? typeSet : null}
          onChange={(value) => change({ set: { type: value } })}
          data={interactionTypes.map((type) => ({ value: type, label: interaction(type) }))}
        />
      )}
      {(preview.rules > 0 || preview.gathers) && (
        <Text size="xs" c="dimmed" mt="sm">
          {preview.rules > 0 ? `${exactly(preview.rules)} rules hold for some rows only. ` : ''}
          {preview.gathers ? 'Several rows may make one record. ' : ''}
          See them under Mapping, as text.
        </Text>
      )}
      <SaveMapping opened={naming} close={name.close} place={place} saved={saved} />
      {asText && <TextMapping preview={preview} close={text.close} place={place} change={change} />}
    </Paper>
  )
}

function Origin({ preview }: { preview: Preview }) {
  const [color, label] = {
    guess: ['ai', 'Guessed'],
    known: ['take', `Known: ${preview.named}`],
    saved: ['take', `Saved: ${preview.named}`],
    none: ['take', 'No mapping needed'],
    changed: ['gray', preview.named === '' ? 'Changed by you' : preview.named],
  }[preview.origin] as [string, string]
  return (
    <Badge variant="light" color={color} data-testid="origin">
      {label}
    </Badge>
  )
}

const leaveOut = 'leave-out'

/** What a column means, in words; the field's own name beside them, for whoever knows the API. */
function Meaning({ column, preview, change }: { column: ColumnUse; preview: Preview; change: (change: PlanChange) => void }) {
  const inWords = (field: string) => meaningOf(field, preview.kind)
  const several = column.fields.length > 1 ? column.fields.join(', ') : undefined
  const value = several ?? column.fields[0] ?? leaveOut
  const known = new Set(preview.fields.map((field) => field.name))
  const own = `${ownPrefix}${attributeName(column.name)}`
  const more = [...new Set([...(several === undefined && column.fields[0] !== undefined && !known.has(column.fields[0]) ? [column.fields[0]] : []), ...(preview.kind === 'interactions' ? [] : [own])])]
  return (
    <Select
      size="xs"
      aria-label={`Meaning of ${column.name}`}
      value={value}
      allowDeselect={false}
      searchable
      disabled={preview.origin === 'none'}
      onChange={(next) => next !== null && next !== several && change({ assign: [{ column: column.name, field: next === leaveOut ? null : next }] })}
      filter={({ options, search }) => options.map((one) => ('group' in one ? { ...one, items: one.items.filter((item) => found(item, search)) } : one)).filter((one) => ('group' in one ? one.items.length > 0 : found(one, search)))}
      renderOption={({ option }) => (
        <Group gap="xs" justify="space-between" wrap="nowrap" flex={1}>
          <span>{option.label}</span>
          {option.value !== leaveOut && option.value !== several && (
            <Text span size="xs" c="dimmed" className="mono">
              {option.value.replace(ownPrefix, '')}
            </Text>
          )}
        </Group>
      )}
      comboboxProps={{ width: 340, position: 'bottom-start' }}
      data={[
        ...(several === undefined ? [] : [{ value: several, label: column.fields.map(inWords).join(', ') }]),
        { group: 'Else', items: [{ value: leaveOut, label: 'Leave out' }, ...more.map((name) => ({ value: name, label: inWords(name) }))] },
        { group: 'Fields', items: preview.fields.map((field) => ({ value: field.name, label: field.required ? `${inWords(field.name)} (required)` : inWords(field.name) })) },
      ]}
    />
  )
}

const found = ({ value, label }: { value: string; label: string }, search: string) => `${label} ${value}`.toLowerCase().includes(search.trim().toLowerCase())

/** How sure the guess is, as a mark with its reason. */
function Sure({ column }: { column: ColumnUse }) {
  if (column.fields.length === 0 && column.confidence === null) return null
  const color = column.fields.length === 0 ? 'gray' : column.confidence === null || column.confidence >= 0.85 ? 'take' : column.confidence >= 0.6 ? 'ai' : 'kin'
  return (
    <Tooltip label={column.why} multiline maw={280} events={{ hover: true, focus: true, touch: true }}>
      <Badge size="sm" variant="light" color={color} tabIndex={0} style={{ minWidth: 52 }} aria-label={`${column.confidence === null ? '' : `${Math.round(column.confidence * 100)} % sure: `}${column.why}`}>
        {column.confidence === null ? 'you' : column.fields.length === 0 ? '–' : `${Math.round(column.confidence * 100)} %`}
      </Badge>
    </Tooltip>
  )
}

/** What would become of the first rows. */
function Outlook({ preview }: { preview: Preview }) {
  const { sample } = preview
  const products = preview.kind === 'products'
  return (
    <Paper p="lg" component="section">
      <Group justify="space-between" mb="sm">
        <Title order={2}>What becomes of it</Title>
        <Text size="sm" c="dimmed" data-testid="outlook">
          {sample.is_whole ? 'The whole file' : `The first ${exactly(sample.rows)} rows`}: {exactly(sample.records)} {preview.kind}
          {sample.rejected > 0 ? `, ${exactly(sample.rejected)} rows rejected` : ''}
        </Text>
      </Group>
      {sample.failure !== null && <Alert color="shu" variant="light" icon={<Icon name="warning" />}>{sample.failure}</Alert>}
      {sample.errors.length > 0 && (
        <Alert color="kin" variant="light" mb="md" icon={<Icon name="warning" />} title={sample.reasons.map((one) => `${exactly(one.count)} × ${one.reason}`).slice(0, 3).join(', ')}>
          {sample.errors.slice(0, 4).map((error) => (
            <Text size="sm" key={error.row}>
              Row {exactly(error.row)}: {error.reasons.join('; ')}
            </Text>
          ))}
        </Alert>
      )}
      <Tabs defaultValue={products ? 'cards' : 'records'} key={preview.kind} keepMounted={false}>
        <Tabs.List mb="md">
          {products && <Tabs.Tab value="cards">As products</Tabs.Tab>}
          <Tabs.Tab value="records">As records</Tabs.Tab>
          <Tabs.Tab value="rows">As the file has it</Tabs.Tab>
        </Tabs.List>
        {products && (
          <Tabs.Panel value="cards">
            <ul className="cards" aria-label="The first products">
              {sample.first.map(({ row, record }) => (
                <li key={row}>
                  <div className="card">
                    <ProductFace product={record as Product} />
                  </div>
                </li>
              ))}
            </ul>
          </Tabs.Panel>
        )}
        <Tabs.Panel value="records">
          <Json value={sample.first.slice(0, 3).map(({ record }) => record)} label="The first records" />
        </Tabs.Panel>
        <Tabs.Panel value="rows">
          <div className="table-scroll" tabIndex={0} role="region" aria-label="The first rows of the file">
            <Table miw={Math.max(420, preview.columns.length * 120)}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Row</Table.Th>
                  {preview.columns.map((column) => (
                    <Table.Th key={column.name}>{column.name}</Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {preview.rows.map(({ row, cells }) => (
                  <Table.Tr key={row}>
                    <Table.Td c="dimmed">{exactly(row)}</Table.Td>
                    {preview.columns.map((column) => (
                      <Table.Td key={column.name}>
                        <Text size="xs" lineClamp={2} maw={200} style={{ overflowWrap: 'anywhere' }}>
                          {shown(cells[column.name])}
                        </Text>
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
        </Tabs.Panel>
      </Tabs>
    </Paper>
  )
}

const shown = (value: unknown) => (value === undefined || value === null ? '' : typeof value === 'string' ? value.slice(0, 200) : (JSON.stringify(value) ?? '').slice(0, 200))

function SaveMapping({ opened, close, place, saved }: { opened: boolean; close: () => void; place: string; saved: (name: string) => void }) {
  const [name, setName] = useState('')
  const save = useMutation({
    mutationFn: () => call(`${place}/_save_mapping`, { body: { name: name.trim() } }),
    onSuccess: () => {
      close()
      saved(name.trim())
    },
  })
  return (
    <Modal opened={opened} onClose={close} title={<Text fw={620}>Save this mapping</Text>} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Stack>
          <TextInput label="Name" description="Files with the same columns are read by it from now on" value={name} onChange={(event) => setName(event.currentTarget.value)} data-autofocus maxLength={80} />
          {save.isError && <Failed error={save.error} />}
          <Group justify="flex-end">
            <Button type="submit" disabled={name.trim() === ''} loading={save.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function TextMapping({ preview, close, place, change }: { preview: Preview; close: () => void; place: string; change: (change: PlanChange) => void }) {
  const [text, setText] = useState(preview.toml ?? `record = "${preview.kind}"\n`)
  const check = useMutation({
    mutationFn: () => call(`${place}/plan`, { body: { toml: text } }),
    onSuccess: () => {
      change({})
      close()
    },
  })
  return (
    <Modal opened onClose={close} size="xl" title={<Text fw={620}>The mapping as text</Text>} closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack>
        <Text size="sm" c="dimmed">
          The same language that <span className="mono">tamari import --map</span> reads: templates, rules, splitting, dates. The manual’s page on importing teaches it.
        </Text>
        <Textarea aria-label="The mapping as text" autosize minRows={14} maxRows={26} value={text} onChange={(event) => setText(event.currentTarget.value)} spellCheck={false} classNames={{ input: 'mono' }} data-autofocus />
        {check.isError && (
          <Alert color="shu" variant="light" icon={<Icon name="warning" />} role="alert" title="This is not used">
            <Text size="sm" style={{ whiteSpace: 'pre-wrap' }} className="mono">
              {check.error.message}
            </Text>
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button onClick={() => check.mutate()} loading={check.isPending}>
            Use it
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
