import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { v1 } from '../../api/client'
import { useEnvironment } from '../../shell/environment'

/** Stores a part of the settings, says so, and shows what is in force then. */
export function useSave<T>(part: string, said: string) {
  const environment = useEnvironment()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: object) => v1<T>(environment, `settings/${part}`, { method: 'PUT', body }),
    onSuccess: (saved) => {
      notifications.show({ message: said, color: 'take' })
      client.setQueryData([environment, 'settings', part], saved)
    },
  })
}
