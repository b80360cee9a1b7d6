import { Button, Checkbox, Group, List, Modal, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { v1 } from '../../api/client'
import { exactly } from '../../format'
import { Failed } from '../../parts/States'
import { showUndo } from '../../parts/undo'
import { look, useEnvironment } from '../../shell/environment'
import { putBack, readRecords } from './deleted'

interface Props {
  opened: boolean
  close: () => void
  set: 'products' | 'users'
  ids: string[]
  done: () => void
}

/** A question before records go. What cannot be undone, the histories of people, must be typed: the id of one, the number of many. */
export function DeleteRecords({ opened, close, ...rest }: Props) {
  const { set, ids } = rest
  const one = set === 'products' ? 'product' : 'user'
  return (
    <Modal opened={opened} onClose={close} title={<Text fw={620}>{ids.length === 1 ? `Delete this ${one}?` : `Delete ${exactly(ids.length)} ${set}?`}</Text>} closeButtonProps={{ 'aria-label': 'Close' }}>
      {/* Made anew with each opening, so that what was typed before does not count again. */}
      <Question close={close} {...rest} />
    </Modal>
  )
}

function Question({ close, set, ids, done }: Omit<Props, 'opened'>) {
  const environment = useEnvironment()
  const client = useQueryClient()
  const [typed, setTyped] = useState('')
  const [withHistory, setWithHistory] = useState(set === 'users')
  const one = set === 'products' ? 'product' : 'user'
  const wanted = ids.length === 1 ? (ids[0] ?? '') : `delete ${ids.length}`
  const isSure = !withHistory || typed === wanted
  const refresh = () => void client.invalidateQueries({ queryKey: [environment] })
  const remove = useMutation({
    mutationFn: async () => {
      const records = withHistory ? [] : await readRecords(environment, set, ids)
      if (withHistory) await v1(environment, 'interactions', { method: 'DELETE', body: { user_ids: ids } })
      await v1(environment, `${set}/_delete`, { body: { data: { [`${one}_ids`]: ids } } })
      return records
    },
    onSuccess: (records) => {
      const message = ids.length === 1 ? `The ${one} was deleted.` : `${exactly(ids.length)} ${set} were deleted.`
      refresh()
      close()
      done()
      if (records.length === 0) notifications.show({ message, color: 'take' })
      else {
        showUndo(message, async () => {
          const { back, taken } = await putBack(environment, set, records)
          refresh()
          const kept = taken === 0 ? '' : ` ${exactly(taken)} came back otherwise meanwhile and ${taken === 1 ? 'was' : 'were'} left alone.`
          return `${back === 1 ? `The ${one} is` : `${exactly(back)} ${set} are`} back.${kept}`
        })
      }
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isSure) remove.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text size="sm">
          In <strong>{look[environment].label}</strong>. {withHistory ? 'This cannot be undone.' : 'For some seconds it can be undone.'}
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
        {set === 'users' && <Checkbox checked={withHistory} onChange={(event) => setWithHistory(event.currentTarget.checked)} label="Erase all their interactions as well, for good, from every file" />}
        {withHistory && (
          <TextInput
            label={
              <>
                Type <span className="mono">{wanted}</span> to go on
              </>
            }
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            data-autofocus
            autoComplete="off"
            spellCheck={false}
          />
        )}
        {remove.isError && <Failed error={remove.error} title="It was not deleted" />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>
            Keep
          </Button>
          <Button type="submit" color="shu" disabled={!isSure} loading={remove.isPending}>
            Delete
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
