import { Button, Checkbox, Group, List, Modal, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { v1 } from '../../api/client'
import { exactly } from '../../format'
import { Failed } from '../../parts/States'
import { look, useEnvironment } from '../../shell/environment'

interface Props {
  opened: boolean
  close: () => void
  set: 'products' | 'users'
  ids: string[]
  done: () => void
}

/** Deleting asks to type what is lost: the id of one, the number of many. */
export function DeleteRecords({ opened, close, set, ids, done }: Props) {
  const environment = useEnvironment()
  const client = useQueryClient()
  const [typed, setTyped] = useState('')
  const [withHistory, setWithHistory] = useState(true)
  const one = set === 'products' ? 'product' : 'user'
  const wanted = ids.length === 1 ? (ids[0] ?? '') : `delete ${ids.length}`
  const remove = useMutation({
    mutationFn: async () => {
      if (set === 'users' && withHistory) await v1(environment, 'interactions', { method: 'DELETE', body: { user_ids: ids } })
      await v1(environment, `${set}/_delete`, { body: { data: { [`${one}_ids`]: ids } } })
    },
    onSuccess: () => {
      notifications.show({ message: ids.length === 1 ? `The ${one} was deleted.` : `${exactly(ids.length)} ${set} were deleted.`, color: 'take' })
      void client.invalidateQueries({ queryKey: [environment] })
      leave()
      done()
    },
  })
  const leave = () => {
    setTyped('')
    remove.reset()
    close()
  }
  return (
    <Modal opened={opened} onClose={leave} title={<Text fw={620}>{ids.length === 1 ? `Delete this ${one}?` : `Delete ${exactly(ids.length)} ${set}?`}</Text>} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (typed === wanted) remove.mutate()
        }}
      >
        <Stack gap="md">
          <Text size="sm">
            In <strong>{look[environment].label}</strong>. This cannot be undone.
            {set === 'products' ? ' Interactions with it are kept, and count again if the product comes back.' : ''}
          </Text>
          {ids.length > 1 && (
            <List size="sm" className="mono">
              {ids.slice(0, 4).map((id) => (
                <List.Item key={id}>{id}</List.Item>
              ))}
              {ids.length > 4 && <List.Item>and {exactly(ids.length - 4)} more</List.Item>}
            </List>
          )}
          {set === 'users' && (
            <Checkbox checked={withHistory} onChange={(event) => setWithHistory(event.currentTarget.checked)} label="Erase all their interactions as well, for good, from every file" />
          )}
          <TextInput label={<>Type <span className="mono">{wanted}</span> to go on</>} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} data-autofocus autoComplete="off" spellCheck={false} />
          {remove.isError && <Failed error={remove.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={leave}>
              Keep
            </Button>
            <Button type="submit" color="shu" disabled={typed !== wanted} loading={remove.isPending}>
              Delete
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
