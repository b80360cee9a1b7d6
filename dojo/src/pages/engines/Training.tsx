import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { v1 } from '../../api/client'
import type { Engine, TrainingStatus } from '../../api/types'
import { ago } from '../../format'
import { Icon } from '../../parts/Icon'
import { Failed } from '../../parts/States'
import { isReadOnly, isSample, useEnvironment } from '../../shell/environment'
import { needs } from '../../shell/session'

/** How long the outcome of a training stands beside the button. */
const RECENT_MS = 10 * 60_000

export const isUnderWay = (training: TrainingStatus | null | undefined) => training?.state === 'queued' || training?.state === 'running'

/** Starts a training, follows it whoever started it, and stops it. */
export function Training({ engine, training, refresh }: { engine: Engine; training: TrainingStatus | null; refresh: () => void }) {
  const environment = useEnvironment()
  const client = useQueryClient()
  const start = useMutation({
    mutationFn: () => v1<{ task_id: string }>(environment, `engines/${encodeURIComponent(engine.engine_id)}/train`, { method: 'POST' }),
    onSuccess: refresh,
  })
  const cancel = useMutation({
    mutationFn: (task: string) => v1<TrainingStatus>(environment, `engines/_cancel/${task}`, { method: 'POST' }),
    onSettled: refresh,
  })
  const running = start.isPending || isUnderWay(training)
  const wasRunning = useRef(running)
  useEffect(() => {
    if (wasRunning.current && !running) void client.invalidateQueries({ queryKey: [environment, 'overview'] })
    wasRunning.current = running
  }, [running, client, environment])
  if (isReadOnly(environment)) {
    return (
      <Text size="sm" c="dimmed">
        {isSample(environment) ? 'The sample shop is trained already; the playground is read-only.' : needs('editor')}
      </Text>
    )
  }
  const ended = training?.finished_at === undefined || training.finished_at === null ? undefined : Date.parse(training.finished_at)
  const isRecent = ended !== undefined && Date.now() - ended < RECENT_MS
  return (
    <Stack gap="xs" aria-live="polite">
      <Group gap="md">
        <Button leftSection={<Icon name="play" size={15} />} loading={running} onClick={() => start.mutate()}>
          Train now
        </Button>
        {training !== null && isUnderWay(training) && (
          <Button variant="default" leftSection={<Icon name="close" size={15} />} loading={cancel.isPending} onClick={() => cancel.mutate(training.task_id)}>
            Cancel the training
          </Button>
        )}
        {training?.state === 'queued' && <Text size="sm">Waits for another training to end…</Text>}
        {training?.state === 'running' && <Text size="sm">Learning… {Math.round(training.progress * 100)} %</Text>}
        {training?.state === 'done' && isRecent && training.kept_out === null && (
          <Text size="sm" c="take" fw={550}>
            Trained. The new model is in use.
          </Text>
        )}
        {training?.state === 'cancelled' && isRecent && <Text size="sm">The training was cancelled. What was in use stays in use.</Text>}
      </Group>
      {running && <Progress value={Math.max(4, (training?.progress ?? 0) * 100)} animated aria-label="Progress of the training" />}
      {start.isError && <Failed error={start.error} />}
      {training?.state === 'failed' && (
        <Alert color="shu" variant="light" icon={<Icon name="warning" />} title={ended === undefined ? 'The training failed' : `The training of ${ago(ended)} failed`}>
          {sentence(training.error ?? 'the server’s log says why')} The model before it stays in use.
        </Alert>
      )}
      {training?.state === 'done' && training.kept_out !== null && (
        <Alert color="kin" variant="light" icon={<Icon name="warning" />} title="The new version was kept out">
          {training.kept_out} The one before it stays in use; you can put the new one in use below.
        </Alert>
      )}
    </Stack>
  )
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`
