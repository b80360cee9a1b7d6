import { Alert, Button, Group, Paper, Skeleton, Stack, Text, Title } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ApiError } from '../api/client'
import { Icon, type IconName } from './Icon'

/** The head of a page: what it is, what it is good for, what can be done. */
export function PageHead({ title, children, actions }: { title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <Group justify="space-between" align="flex-end" mb="lg" gap="md">
      <div style={{ maxWidth: 680 }}>
        <Title order={1}>{title}</Title>
        {children !== undefined && (
          <Text c="dimmed" size="sm" mt={4}>
            {children}
          </Text>
        )}
      </div>
      {actions !== undefined && <Group gap="xs">{actions}</Group>}
    </Group>
  )
}

/** Nothing there yet, and what to do about it. */
export function Empty({ icon, title, children, action }: { icon: IconName; title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <Stack align="center" gap={6} py={44} px="md" ta="center">
      <Text c="dimmed" component="span">
        <Icon name={icon} size={30} />
      </Text>
      <Text fw={600}>{title}</Text>
      {children !== undefined && (
        <Text c="dimmed" size="sm" maw={460}>
          {children}
        </Text>
      )}
      {action !== undefined && <div style={{ marginTop: 8 }}>{action}</div>}
    </Stack>
  )
}

/** What went wrong, in the server's words, and the way to try again. */
export function Failed({ error, retry, title = 'This could not be loaded' }: { error: unknown; retry?: () => void; title?: string }) {
  const message = error instanceof Error ? error.message : String(error)
  return (
    <Alert color="shu" variant="light" icon={<Icon name="warning" />} title={title} role="alert">
      <Text size="sm">{message}</Text>
      {error instanceof ApiError && error.lines.length > 0 && (
        <Text size="xs" component="pre" className="mono" style={{ whiteSpace: 'pre-wrap' }}>
          {error.lines.slice(0, 5).join('\n')}
        </Text>
      )}
      {retry !== undefined && (
        <Button size="xs" mt="xs" variant="default" onClick={retry}>
          Try again
        </Button>
      )}
    </Alert>
  )
}

/** A query's three states. While it is loading, `skeleton` rows hold the place. */
export function Loaded<T>({
  query,
  rows = 4,
  children,
}: {
  query: UseQueryResult<T>
  rows?: number
  children: (data: T) => ReactNode
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />
  return (
    <Stack gap="sm" aria-busy="true" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={26} radius="md" />
      ))}
    </Stack>
  )
}

export function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <Paper component="section" p="lg">
      <Group justify="space-between" mb="sm" gap="xs">
        <Title order={2}>{title}</Title>
        {aside}
      </Group>
      {children}
    </Paper>
  )
}
