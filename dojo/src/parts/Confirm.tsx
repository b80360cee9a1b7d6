import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Failed } from './States'

interface Props {
  opened: boolean
  close: () => void
  title: string
  children: ReactNode
  /** What must be typed before it goes on; nothing for what can be undone. */
  word?: string
  action: string
  /** What the way back is called. */
  keep?: string
  run: () => void
  busy: boolean
  error?: unknown
}

/** A question before something is lost. */
export function Confirm({ opened, close, ...rest }: Props) {
  return (
    <Modal opened={opened} onClose={close} title={<Text fw={620}>{rest.title}</Text>} closeButtonProps={{ 'aria-label': 'Close' }}>
      {/* Mounted with each opening, so that what was typed before does not count again. */}
      <Question close={close} {...rest} />
    </Modal>
  )
}

function Question({ close, children, word, action, keep = 'Cancel', run, busy, error }: Omit<Props, 'opened' | 'title'>) {
  const [typed, setTyped] = useState('')
  const sure = word === undefined || typed.trim() === word
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (sure) run()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <div>{children}</div>
        {word !== undefined && (
          <TextInput
            label={
              <>
                Type <span className="mono">{word}</span> to go on
              </>
            }
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            data-autofocus
            autoComplete="off"
          />
        )}
        {error !== undefined && error !== null && <Failed error={error} title="This did not work" />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>
            {keep}
          </Button>
          <Button type="submit" color="shu" disabled={!sure} loading={busy}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
