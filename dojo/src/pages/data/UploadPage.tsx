import { ActionIcon, Alert, Button, Group, Paper, Progress, Stack, Stepper, Text, Title, Tooltip } from '@mantine/core'
import { Dropzone } from '@mantine/dropzone'
import '@mantine/dropzone/styles.css'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useSyncExternalStore } from 'react'
import { ApiError, call } from '../../api/client'
import { ago, bytes, exactly } from '../../format'
import { Badge } from '../../parts/Badge'
import { Icon } from '../../parts/Icon'
import { Empty, Failed, PageHead } from '../../parts/States'
import { isReadOnly, isSample, look, useEnvironment } from '../../shell/environment'
import { may, needs } from '../../shell/session'
import { setNames } from '../../upload/fields'
import { senderOf, startSending, stopSending } from '../../upload/sender'
import type { UploadAbout } from '../../upload/types'
import { MappingStep } from './upload/MappingStep'
import { Result } from './upload/Result'

export function UploadPage() {
  const environment = useEnvironment()
  const { id } = useSearch({ from: '/$environment/data/upload' })
  if (isReadOnly(environment) && !isSample(environment)) {
    return (
      <Empty icon="upload" title="Uploads are for editors">
        {needs('editor')}
      </Empty>
    )
  }
  if (isSample(environment)) {
    return (
      <Empty icon="upload" title="The playground is read-only" action={may('editor') ? <Button component={Link} to="/development/data/upload">Upload to Development</Button> : undefined}>
        It always shows the sample shop. Your own data belongs in Development first.
      </Empty>
    )
  }
  return (
    <>
      <PageHead title="Upload">
        To <strong>{look[environment].label}</strong>. Drop a file as your shop or spreadsheet gives it; what its columns mean is guessed, and you see and change it before anything is stored.
      </PageHead>
      {id === undefined ? <Start key={environment} /> : <OneUpload key={id} id={id} />}
    </>
  )
}

interface Listed {
  uploads: UploadAbout[]
  mappings: { name: string; kind: string }[]
}

const over = (stage: UploadAbout['stage']) => stage === 'done' || stage === 'stopped'

/** Begins to send a file: where an upload of the same one waits, from where that one is. */
function useBegin() {
  const environment = useEnvironment()
  const navigate = useNavigate({ from: '/$environment/data/upload' })
  const { set } = useSearch({ from: '/$environment/data/upload' })
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (file: File) => {
      const { uploads } = await call<Listed>(`${environment}/uploads`)
      const same = uploads.find((one) => one.stage === 'receiving' && one.file_name === file.name && one.size_bytes === file.size && one.modified_ms === file.lastModified)
      const upload = same ?? (await call<UploadAbout>(`${environment}/uploads`, { body: { file_name: file.name, size_bytes: file.size, modified_ms: file.lastModified, kind: set } }))
      startSending(environment, upload.id, file, upload.received_bytes)
      return upload
    },
    onSuccess: (upload) => {
      client.setQueryData([environment, 'upload', upload.id], upload)
      void navigate({ search: (before) => ({ ...before, id: upload.id }) })
    },
  })
}

function Start() {
  const environment = useEnvironment()
  const begin = useBegin()
  const list = useQuery({ queryKey: [environment, 'uploads'], queryFn: () => call<Listed>(`${environment}/uploads`), staleTime: 0 })
  const waiting = list.data?.uploads ?? []
  return (
    <Stack gap="lg">
      <FileDrop onFile={(file) => begin.mutate(file)} loading={begin.isPending} />
      {begin.isError && <Refused message={begin.error.message} />}
      {waiting.length > 0 && (
        <Paper p="lg" component="section">
          <Title order={2} mb={4}>
            Uploads of late
          </Title>
          <Text size="sm" c="dimmed" mb="sm">
            Unfinished ones go on where they are. All are forgotten a day after they were last touched.
          </Text>
          {waiting.map((upload) => (
            <UploadLine key={upload.id} upload={upload} removed={() => void list.refetch()} />
          ))}
        </Paper>
      )}
      <Text size="sm" c="dimmed">
        Exports of Shopify and the log of a shop are known; other files are read by the names of their columns. The same can be done without a browser: <span className="mono">tamari import products FILE</span>.
      </Text>
    </Stack>
  )
}

const stageWords: Record<UploadAbout['stage'], string> = {
  receiving: 'not all here yet',
  ready: 'ready to look at',
  checking: 'being checked',
  importing: 'being imported',
  done: 'imported',
  stopped: 'stopped',
  failed: 'ended early',
}

function UploadLine({ upload, removed }: { upload: UploadAbout; removed: () => void }) {
  const environment = useEnvironment()
  const remove = useMutation({
    mutationFn: () => {
      stopSending(upload.id)
      return call(`${environment}/uploads/${upload.id}`, { method: 'DELETE' })
    },
    onSettled: removed,
  })
  return (
    <Group justify="space-between" wrap="nowrap" py={8} style={{ borderTop: '1px solid var(--line)' }}>
      <div style={{ minWidth: 0 }}>
        <Link className="row-link" to="/$environment/data/upload" params={{ environment }} search={{ id: upload.id }}>
          {upload.file_name}
        </Link>
        <Text size="xs" c="dimmed">
          {bytes(upload.size_bytes)} · {upload.kind === null ? '' : `${setNames[upload.kind].toLowerCase()} · `}
          {ago(upload.created_ms)}
        </Text>
      </div>
      <Group gap="xs" wrap="nowrap">
        <Badge variant="light" color={upload.stage === 'done' ? 'take' : upload.stage === 'failed' ? 'shu' : upload.stage === 'stopped' ? 'gray' : 'kin'}>
          {upload.stage === 'receiving' ? `${Math.floor((upload.received_bytes / upload.size_bytes) * 100)} % here` : stageWords[upload.stage]}
        </Badge>
        <Tooltip label="Remove with its files">
          <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${upload.file_name}`} onClick={() => remove.mutate()} loading={remove.isPending}>
            <Icon name="trash" size={16} />
          </ActionIcon>
        </Tooltip>
      </Group>
    </Group>
  )
}

function FileDrop({ onFile, loading, again }: { onFile: (file: File) => void; loading: boolean; again?: string }) {
  return (
    <Dropzone onDrop={(files) => files[0] !== undefined && onFile(files[0])} multiple={false} loading={loading} radius="lg" p="xl" inputProps={{ 'aria-label': 'Choose a file' }}>
      <Stack align="center" gap={5} py={again === undefined ? 'lg' : 0} style={{ pointerEvents: 'none' }} ta="center">
        <Text c="dimmed" component="span">
          <Icon name="upload" size={again === undefined ? 38 : 28} />
        </Text>
        <Text fw={600}>{again === undefined ? 'Drop a file here, or press to choose one' : `Choose ${again} again to go on`}</Text>
        <Text size="sm" c="dimmed">
          {again === undefined ? 'CSV, TSV, JSON, JSON Lines or Parquet, each also as .gz, up to 16 GiB' : 'Only what is missing is sent.'}
        </Text>
      </Stack>
    </Dropzone>
  )
}

const Refused = ({ message }: { message: string }) => (
  <Alert color="shu" variant="light" icon={<Icon name="warning" />} title="This file cannot be taken" role="alert">
    {message}
  </Alert>
)

const steps = ['File', 'Columns', 'Import']

function OneUpload({ id }: { id: string }) {
  const environment = useEnvironment()
  const client = useQueryClient()
  const query = useQuery({
    queryKey: [environment, 'upload', id],
    queryFn: () => call<UploadAbout>(`${environment}/uploads/${id}`),
    staleTime: 0,
    refetchInterval: ({ state }) => (['checking', 'importing'].includes(state.data?.stage ?? '') ? 400 : state.data?.stage === 'receiving' ? 1_500 : false),
  })
  const upload = query.data
  const stage = upload?.stage
  useEffect(() => {
    // What was read of the data sets before is no longer so.
    if (stage === 'done' || stage === 'stopped') void client.invalidateQueries({ queryKey: [environment], predicate: ({ queryKey }) => queryKey[1] !== 'upload' })
  }, [stage, environment, client])
  const sender = senderOf(id)
  const sending = useSyncExternalStore(sender?.subscribe ?? (() => () => undefined), sender?.current ?? (() => undefined))
  const refetch = () => void query.refetch()
  const sent = sending?.state
  useEffect(() => {
    if (sent === 'done' || sent === undefined) void client.invalidateQueries({ queryKey: [environment, 'upload', id] })
  }, [sent, client, environment, id])
  if (sending?.state === 'failed') {
    return (
      <Stack>
        <Refused message={sending.message ?? ''} />
        <Another />
      </Stack>
    )
  }
  if (upload === undefined) {
    if (query.error instanceof ApiError && query.error.status === 404) {
      return (
        <Empty icon="upload" title="This upload is gone" action={<Another />}>
          It was removed, or nobody touched it for a day, or somebody was erased meanwhile: files that may name people do not outlive that. Choose the file again.
        </Empty>
      )
    }
    return query.isError ? <Failed error={query.error} retry={refetch} /> : null
  }
  const step = upload.stage === 'receiving' ? 0 : upload.stage === 'ready' || upload.stage === 'failed' || upload.stage === 'checking' ? 1 : 2
  return (
    <Stack gap="lg">
      <Group justify="space-between" gap="md">
        <div style={{ minWidth: 0 }}>
          <Text fw={620} truncate>
            {upload.file_name}
          </Text>
          <Text size="sm" c="dimmed">
            {bytes(upload.size_bytes)}
          </Text>
        </div>
        <Stepper active={over(upload.stage) ? 3 : step} size="xs" iconSize={26} allowNextStepsSelect={false} maw={420} flex="1 1 300px" aria-label="Steps">
          {steps.map((label) => (
            <Stepper.Step key={label} label={label} />
          ))}
        </Stepper>
      </Group>
      {upload.message !== null && upload.stage === 'failed' && <Refused message={upload.message} />}
      {upload.stage === 'receiving' && <Receiving upload={upload} />}
      {(upload.stage === 'ready' || upload.stage === 'failed') && <MappingStep upload={upload} changed={refetch} />}
      {(upload.stage === 'checking' || upload.stage === 'importing') && <Working upload={upload} changed={refetch} />}
      {over(upload.stage) && <Result upload={upload} another={<Another />} />}
    </Stack>
  )
}

const Another = () => {
  const environment = useEnvironment()
  return (
    <Button variant="default" component={Link} to={`/${environment}/data/upload`}>
      Upload another file
    </Button>
  )
}

function Receiving({ upload }: { upload: UploadAbout }) {
  const environment = useEnvironment()
  const begin = useBegin()
  const sender = senderOf(upload.id)
  const sending = useSyncExternalStore(sender?.subscribe ?? (() => () => undefined), sender?.current ?? (() => undefined))
  const navigate = useNavigate()
  const received = Math.max(sending?.received ?? 0, upload.received_bytes)
  const remove = useMutation({
    mutationFn: () => {
      stopSending(upload.id)
      return call(`${environment}/uploads/${upload.id}`, { method: 'DELETE' })
    },
    onSuccess: () => void navigate({ to: `/${environment}/data/upload` }),
  })
  return (
    <Paper p="lg" component="section" aria-live="polite">
      <Group justify="space-between" mb="sm">
        <Title order={2}>{sending === undefined ? 'Not all of it is here yet' : sending.state === 'waiting' ? 'Waiting to go on' : 'On its way'}</Title>
        <Button size="xs" variant="default" onClick={() => remove.mutate()}>
          Give up
        </Button>
      </Group>
      <Progress value={(received / upload.size_bytes) * 100} animated={sending?.state === 'sending'} aria-label="Share of the file that is here" />
      <Text size="sm" mt="sm" mb={sending === undefined ? 'md' : 0} data-testid="received">
        {bytes(received)} of {bytes(upload.size_bytes)}
      </Text>
      {sending?.state === 'waiting' && (
        <Alert mt="sm" variant="light" color="kin" icon={<Icon name="warning" />}>
          {sending.message}. Nothing is lost; it goes on by itself.
        </Alert>
      )}
      {sending === undefined && <FileDrop onFile={(file) => begin.mutate(file)} loading={begin.isPending} again={upload.file_name} />}
    </Paper>
  )
}

function Working({ upload, changed }: { upload: UploadAbout; changed: () => void }) {
  const environment = useEnvironment()
  const stop = useMutation({ mutationFn: () => call(`${environment}/uploads/${upload.id}/_stop`, { method: 'POST', body: {} }), onSettled: changed })
  const importing = upload.stage === 'importing'
  const so = importing ? upload.imported : upload.checked
  const name = upload.kind === null ? 'records' : setNames[upload.kind].toLowerCase()
  return (
    <Paper p="lg" component="section" aria-live="polite">
      <Group justify="space-between" mb="sm">
        <Title order={2}>{importing ? `Importing ${name}` : 'Checking every row'}</Title>
        <Button size="xs" variant="default" onClick={() => stop.mutate()} loading={stop.isPending}>
          Stop
        </Button>
      </Group>
      <Progress value={Math.min(99, upload.progress * 100)} animated aria-label="Share of the file that is read" />
      <Text size="sm" mt="sm">
        {exactly(so?.accepted ?? 0)} {name} {importing ? 'stored' : 'are fine'}
        {(so?.rejected ?? 0) > 0 ? `, ${exactly(so?.rejected ?? 0)} rows rejected` : ''}. {importing ? 'You may leave this page; it goes on, also over a restart of the server.' : 'Nothing is stored yet.'}
      </Text>
    </Paper>
  )
}
