import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/client'
import { exactly } from '../../format'
import { Failed } from '../../parts/States'
import { look, useEnvironment } from '../../shell/environment'

export type Scope = 'products' | 'users' | 'interactions' | 'everything'

const consequences: Record<Scope, string> = {
  products: 'Every product goes. Interactions with them are kept, and count again when a product comes back.',
  users: 'Every profile goes for good, from every file. What these people did is kept.',
  interactions: 'Everything that visitors did goes for good, from every file, with the answers remembered. Products, profiles and the trained models stay.',
  everything: 'Products, profiles, interactions, uploads and the trained models go for good, from every file. Keys, engines and settings stay.',
}

/** Emptying a data set asks to type what is lost. */
export function WipeData({ scope, close }: { scope: Scope; close: () => void }) {
  const environment = useEnvironment()
  const client = useQueryClient()
  const [typed, setTyped] = useState('')
  const wanted = `wipe ${scope} of ${environment}`
  const wipe = useMutation({
    mutationFn: () => call<Record<'products' | 'users' | 'interactions', number>>(`${environment}/wipe`, { body: { scope, confirm: typed } }),
    onSuccess: (gone) => {
      const parts = (['products', 'users', 'interactions'] as const).filter((set) => gone[set] > 0).map((set) => `${exactly(gone[set])} ${set}`)
      notifications.show({ message: parts.length === 0 ? 'There was nothing to wipe.' : `Wiped: ${parts.join(', ')}.`, color: 'take' })
      void client.invalidateQueries({ queryKey: [environment] })
      close()
    },
  })
  return (
    <Modal opened onClose={close} title={<Text fw={620}>{scope === 'everything' ? `Wipe all of ${look[environment].label}?` : `Wipe all ${scope}?`}</Text>} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (typed === wanted) wipe.mutate()
        }}
      >
        <Stack gap="md">
          <Text size="sm">
            In <strong>{look[environment].label}</strong>. {consequences[scope]} This cannot be undone; a backup can be made under Settings.
          </Text>
          <TextInput label={<>Type <span className="mono">{wanted}</span> to go on</>} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} data-autofocus autoComplete="off" spellCheck={false} />
          {wipe.isError && <Failed error={wipe.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Keep
            </Button>
            <Button type="submit" color="shu" disabled={typed !== wanted} loading={wipe.isPending}>
              Wipe
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
