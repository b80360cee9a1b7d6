import { Alert, Anchor, Badge, Button, Group, Paper, Progress as Bar, SegmentedControl, Select, Stack, Table, Text, Title } from '@mantine/core'
import { Dropzone } from '@mantine/dropzone'
import '@mantine/dropzone/styles.css'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { bytes, exactly, interaction, interactionTypes } from '../../format'
import { Json } from '../../parts/Copy'
import { Icon } from '../../parts/Icon'
import { Empty, PageHead } from '../../parts/States'
import { isReadOnly, look, useEnvironment } from '../../shell/environment'
import { convert } from '../../upload/convert'
import { attributeName, type DataSet, fields, guessMapping, guessSet, type Mapping, ownPrefix } from '../../upload/fields'
import { type Row, rowsOf } from '../../upload/read'
import { type Progress, rejectsFile, Upload } from '../../upload/send'

/** Rows read for the preview. */
const previewRows = 200
const setNames: Record<DataSet, string> = { products: 'Products', users: 'Users', interactions: 'Interactions' }

interface Chosen {
  file: File
  rows: Row[]
  columns: string[]
}

export function UploadPage() {
  const environment = useEnvironment()
  if (isReadOnly(environment)) {
    return (
      <Empty icon="upload" title="The playground is read-only" action={<Button component={Link} to="/development/data/upload">Upload to Development</Button>}>
        It always shows the sample shop. Your own data belongs in Development first.
      </Empty>
    )
  }
  // Nothing of a file that was meant for one environment stays when another is chosen.
  return <Uploader key={environment} />
}

function Uploader() {
  const environment = useEnvironment()
  const wanted = useSearch({ from: '/$environment/data/upload' }).set
  const [chosen, setChosen] = useState<Chosen>()
  const [problem, setProblem] = useState<string>()
  const [set, setSet] = useState<DataSet>(wanted ?? 'products')
  const [mapping, setMapping] = useState<Mapping>({})
  const [interactionType, setInteractionType] = useState('product_detail_page_view')
  const [progress, setProgress] = useState<Progress>()
  const upload = useRef<Upload>(undefined)
  const client = useQueryClient()
  useEffect(() => () => upload.current?.cancel(), [])

  const take = async (file: File) => {
    setProblem(undefined)
    try {
      const rows: Row[] = []
      for await (const row of rowsOf(file)) {
        rows.push(row)
        if (rows.length >= previewRows) break
      }
      const columns = [...new Set(rows.flatMap((row) => Object.keys(row.fields)))]
      if (rows.length === 0) throw new Error('The file holds no rows.')
      const guessed = wanted ?? guessSet(file.name, columns)
      setSet(guessed)
      setMapping(kept(guessed, columns) ?? guessMapping(guessed, columns))
      if (columns.some((column) => column.toLowerCase() === 'rating')) setInteractionType('rate')
      setChosen({ file, rows, columns })
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    }
  }
  const change = (next: DataSet) => {
    setSet(next)
    if (chosen !== undefined) setMapping(kept(next, chosen.columns) ?? guessMapping(next, chosen.columns))
  }
  const start = () => {
    if (chosen === undefined) return
    keep(set, chosen.columns, mapping)
    upload.current = new Upload(chosen.file, environment, { set, mapping, interactionType }, (now) => {
      setProgress(now)
      if (now.state === 'done' || now.state === 'stopped') void client.invalidateQueries({ queryKey: [environment] })
    })
    void upload.current.run()
  }
  const again = () => {
    upload.current?.cancel()
    setProgress(undefined)
    setChosen(undefined)
  }

  return (
    <>
      <PageHead title="Upload">
        To <strong>{look[environment].label}</strong>. Files are read in this browser and sent in small parts; large ones are fine.
      </PageHead>
      {progress !== undefined && chosen !== undefined ? (
        <Running progress={progress} file={chosen.file} set={set} cancel={() => upload.current?.cancel()} retry={() => upload.current?.retry()} again={again} />
      ) : (
        <Stack gap="lg">
          <Dropzone
            onDrop={(files) => files[0] !== undefined && void take(files[0])}
            multiple={false}
            radius="lg"
            p="xl"
            inputProps={{ 'aria-label': 'Choose a file' }}
          >
            <Stack align="center" gap={4} style={{ pointerEvents: 'none' }}>
              <Icon name="upload" size={30} />
              <Text fw={600}>{chosen === undefined ? 'Drop a file here, or press to choose one' : chosen.file.name}</Text>
              <Text size="sm" c="dimmed">
                {chosen === undefined ? 'CSV, TSV, JSON or JSON Lines, each also as .gz' : `${bytes(chosen.file.size)} · drop another to replace it`}
              </Text>
            </Stack>
          </Dropzone>
          {problem !== undefined && (
            <Alert color="shu" variant="light" icon={<Icon name="warning" />} title="This file cannot be read" role="alert">
              {problem}
            </Alert>
          )}
          {chosen === undefined ? (
            <Hint />
          ) : (
            <Map chosen={chosen} set={set} onSet={change} mapping={mapping} onMapping={setMapping} interactionType={interactionType} onInteractionType={setInteractionType} start={start} />
          )}
        </Stack>
      )}
    </>
  )
}

function Hint() {
  return (
    <Text size="sm" c="dimmed">
      The first line of a CSV names its columns. What each column means is guessed, and you can change it before anything is sent. For files of many gigabytes and for Parquet, use <span className="mono">tamari import</span> on the server.
    </Text>
  )
}

interface MapProps {
  chosen: Chosen
  set: DataSet
  onSet: (set: DataSet) => void
  mapping: Mapping
  onMapping: (mapping: Mapping) => void
  interactionType: string
  onInteractionType: (type: string) => void
  start: () => void
}

function Map({ chosen, set, onSet, mapping, onMapping, interactionType, onInteractionType, start }: MapProps) {
  const filled = Object.values(mapping)
  const missing = fields[set].filter((field) => field.required && !filled.includes(field.name))
  const person = set !== 'interactions' || filled.includes('user_id') || filled.includes('anonymous_id')
  const twice = filled.filter((target, place) => target !== '' && filled.indexOf(target) !== place)
  const needsType = set === 'interactions' && !filled.includes('type')
  const plan = { set, mapping, interactionType }
  const tried = chosen.rows.map((row) => {
    try {
      return { row, record: convert(row, plan) }
    } catch (error) {
      return { row, reason: error instanceof Error ? error.message : String(error) }
    }
  })
  const bad = tried.filter((one) => 'reason' in one)
  const example = tried.find((one) => 'record' in one)
  const ready = missing.length === 0 && twice.length === 0
  return (
    <>
      <Paper p="lg" component="section">
        <Group justify="space-between" mb="md">
          <Title order={2}>What the file holds</Title>
          <SegmentedControl aria-label="Data set" value={set} onChange={(value) => onSet(value as DataSet)} data={Object.entries(setNames).map(([value, label]) => ({ value, label }))} />
        </Group>
        <div className="table-scroll" tabIndex={0} role="region" aria-label="Columns">
          <Table miw={560}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Column</Table.Th>
                <Table.Th>Such as</Table.Th>
                <Table.Th w={260}>Means</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {chosen.columns.map((column) => (
                <Table.Tr key={column}>
                  <Table.Td fw={550}>{column}</Table.Td>
                  <Table.Td>
                    <Text size="sm" c="dimmed" lineClamp={1} maw={320}>
                      {sample(chosen.rows, column)}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <Select
                      size="xs"
                      aria-label={`Meaning of ${column}`}
                      value={mapping[column] === '' ? 'leave-out' : (mapping[column] ?? 'leave-out')}
                      allowDeselect={false}
                      searchable
                      onChange={(value) => onMapping({ ...mapping, [column]: value === null || value === 'leave-out' ? '' : value })}
                      data={[
                        { group: 'Fields', items: fields[set].map((field) => ({ value: field.name, label: field.required ? `${field.name} (required)` : field.name })) },
                        {
                          group: 'Else',
                          items: [
                            ...(set === 'interactions' ? [] : [{ value: `${ownPrefix}${attributeName(column)}`, label: `own attribute “${attributeName(column)}”` }]),
                            { value: 'leave-out', label: 'leave out' },
                          ],
                        },
                      ]}
                    />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
        {needsType && (
          <Select
            mt="md"
            maw={360}
            label="What each row tells"
            description="No column says which kind of interaction it is"
            allowDeselect={false}
            searchable
            value={interactionType}
            onChange={(value) => onInteractionType(value ?? 'product_detail_page_view')}
            data={interactionTypes.map((type) => ({ value: type, label: interaction(type) }))}
          />
        )}
      </Paper>
      {missing.length > 0 && (
        <Alert color="kin" variant="light" icon={<Icon name="warning" />} title={`No column is ${missing.map((field) => field.name).join(', ')} yet`}>
          Choose above which column identifies each {set === 'interactions' ? 'product that was interacted with' : set.slice(0, -1)}.
        </Alert>
      )}
      {twice.length > 0 && (
        <Alert color="kin" variant="light" icon={<Icon name="warning" />} title={`Two columns mean ${twice[0]}`}>
          Leave one of them out, or keep it as an attribute of its own.
        </Alert>
      )}
      {!person && (
        <Alert color="kin" variant="light" icon={<Icon name="warning" />} title="No column says who it was">
          Without user_id or anonymous_id, all rows count for one and the same visitor.
        </Alert>
      )}
      {bad.length > 0 && missing.length === 0 && (
        <Alert color="kin" variant="light" icon={<Icon name="warning" />} title={`${exactly(bad.length)} of the first ${exactly(chosen.rows.length)} rows would be left out`}>
          {bad.slice(0, 3).map((one) => (
            <Text size="sm" key={one.row.number}>
              Row {exactly(one.row.number)}: {'reason' in one ? one.reason : ''}
            </Text>
          ))}
        </Alert>
      )}
      {example !== undefined && 'record' in example && (
        <Paper p="lg" component="section">
          <Title order={2} mb="sm">
            The first record, as it is sent
          </Title>
          <Json value={example.record} label="The first record" />
        </Paper>
      )}
      <Group>
        <Button size="md" disabled={!ready} onClick={start} leftSection={<Icon name="upload" size={17} />}>
          Upload {setNames[set].toLowerCase()}
        </Button>
      </Group>
    </>
  )
}

function sample(rows: Row[], column: string): string {
  const value = rows.map((row) => row.fields[column]).find((one) => one !== undefined && one !== null && one !== '')
  return value === undefined ? '–' : typeof value === 'string' ? value.slice(0, 120) : (JSON.stringify(value) ?? '').slice(0, 120)
}

interface RunningProps {
  progress: Progress
  file: File
  set: DataSet
  cancel: () => void
  retry: () => void
  again: () => void
}

function Running({ progress, file, set, cancel, retry, again }: RunningProps) {
  const environment = useEnvironment()
  const { state } = progress
  const over = state === 'done' || state === 'failed' || state === 'stopped'
  const title = { running: `Uploading ${file.name}`, waiting: 'Waiting for the server', stuck: 'The server does not answer', stopped: 'Stopped', done: 'Done', failed: 'The upload ended early' }[state]
  const download = () => {
    const address = URL.createObjectURL(new Blob([rejectsFile(progress.rejects)], { type: 'application/jsonl' }))
    const link = Object.assign(document.createElement('a'), { href: address, download: `${file.name}.rejects.jsonl` })
    link.click()
    URL.revokeObjectURL(address)
  }
  return (
    <Stack gap="lg">
      <Paper p="lg" component="section" aria-live="polite">
        <Group justify="space-between" mb="sm">
          <Group gap="sm">
            {state === 'done' && <Badge color="take" variant="light" leftSection={<Icon name="check" size={13} />}>Done</Badge>}
            <Title order={2}>{title}</Title>
          </Group>
          {!over && (
            <Group gap="xs">
              {state === 'stuck' && (
                <Button size="xs" onClick={retry}>
                  Go on
                </Button>
              )}
              <Button size="xs" variant="default" onClick={cancel}>
                Stop
              </Button>
            </Group>
          )}
        </Group>
        <Bar value={state === 'done' ? 100 : Math.min(99, (progress.bytes / Math.max(1, file.size)) * 100)} color={state === 'failed' ? 'shu' : state === 'done' ? 'take' : 'ai'} animated={state === 'running'} aria-label="Share of the file" />
        <Text size="sm" mt="sm">
          <strong data-testid="sent">{exactly(progress.sent)}</strong> {setNames[set].toLowerCase()} stored
          {progress.rejected > 0 && (
            <>
              , <strong data-testid="rejected">{exactly(progress.rejected)}</strong> rows left out
            </>
          )}
          .
        </Text>
        {progress.message !== undefined && !['running', 'done'].includes(state) && (
          <Alert mt="sm" variant="light" color={state === 'waiting' ? 'kin' : 'shu'} icon={<Icon name="warning" />}>
            {progress.message} {state === 'waiting' ? 'Trying again by itself.' : state === 'stuck' ? 'Nothing is lost: it goes on where it is.' : ''}
          </Alert>
        )}
      </Paper>
      {progress.rejects.length > 0 && (
        <Paper p="lg" component="section">
          <Group justify="space-between" mb="sm">
            <Title order={2}>Left out</Title>
            <Button size="xs" variant="default" onClick={download}>
              Download with reasons
            </Button>
          </Group>
          <div className="table-scroll" tabIndex={0} role="region" aria-label="Rows left out">
            <Table miw={420}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th w={80}>Row</Table.Th>
                  <Table.Th>Why</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {progress.rejects.slice(0, 50).map((one) => (
                  <Table.Tr key={one.row}>
                    <Table.Td>{exactly(one.row)}</Table.Td>
                    <Table.Td>{one.reason}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
        </Paper>
      )}
      {over && (
        <Group gap="sm">
          <Button component={Link} to={`/${environment}/data/${set}`}>
            See the {set}
          </Button>
          <Button variant="default" onClick={again}>
            Upload another file
          </Button>
          {set === 'interactions' && state === 'done' && (
            <Anchor component={Link} to={`/${environment}/engines`}>
              Next: train the engine
            </Anchor>
          )}
        </Group>
      )}
    </Stack>
  )
}

/** The mapping that was used last for the same columns. */
const key = (set: DataSet, columns: string[]) => `tamari-dojo-mapping-${set}-${[...columns].sort().join('|').slice(0, 400)}`

function kept(set: DataSet, columns: string[]): Mapping | undefined {
  try {
    const text = localStorage.getItem(key(set, columns))
    return text === null ? undefined : (JSON.parse(text) as Mapping)
  } catch {
    return undefined
  }
}

function keep(set: DataSet, columns: string[], mapping: Mapping) {
  try {
    localStorage.setItem(key(set, columns), JSON.stringify(mapping))
  } catch {
    // Then it is guessed again the next time.
  }
}
