import { Button, Group } from '@mantine/core'
import { notifications } from '@mantine/notifications'

/** How long there is a way back. */
const open_ms = 15_000

/** Says what was done, with a way back for some seconds; `undo` gives what to say then. */
export function showUndo(message: string, undo: () => Promise<string>) {
  const take = async () => {
    notifications.hide(note)
    try {
      notifications.show({ message: await undo(), color: 'take' })
    } catch (error) {
      notifications.show({ message: `It could not be undone: ${error instanceof Error ? error.message : String(error)}`, color: 'shu', autoClose: false })
    }
  }
  const note = notifications.show({
    color: 'take',
    autoClose: open_ms,
    message: (
      <Group justify="space-between">
        <span>{message}</span>
        <Button size="compact-xs" variant="default" onClick={() => void take()}>
          Undo
        </Button>
      </Group>
    ),
  })
}
