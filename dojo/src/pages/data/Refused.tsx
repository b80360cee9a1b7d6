import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call } from '../../api/client'
import { ago, exactly, time } from '../../format'
import { Badge } from '../../parts/Badge'
import { Code } from '../../parts/Copy'
import { Empty, Loaded, Section } from '../../parts/States'
import { useEnvironment } from '../../shell/environment'
import { may } from '../../shell/session'

interface RefusedCall {
  number: number
  at_ms: number
  times: number
  method: string
  route: string
  key: 'secret' | 'publishable' | 'none' | 'unknown'
  status: number
  message: string
  lines: string[]
  lines_in_all: number
  excerpt: string
}

interface Listed {
  calls: RefusedCall[]
  without_key: RefusedCall[]
  remembered_max: number
  since_ms: number
}

const keys: Record<RefusedCall['key'], string> = { secret: 'secret key', publishable: 'publishable key', none: 'no key', unknown: 'unknown key' }

/** The calls of the API that were refused lately, with their reasons: where an integration hurts. */
export function Refused() {
  const environment = useEnvironment()
  const client = useQueryClient()
  const key = [environment, 'refused']
  const query = useQuery({ queryKey: key, queryFn: () => call<Listed>(`${environment}/refused`), refetchInterval: 5_000 })
  const forget = useMutation({ mutationFn: () => call(`${environment}/refused`, { method: 'DELETE' }), onSuccess: () => client.invalidateQueries({ queryKey: key }) })
  return (
    <Section
      title="Refused calls"
      aside={
        may('editor') && (query.data?.calls.length ?? 0) > 0 ? (
          <Button size="xs" variant="default" onClick={() => forget.mutate()} loading={forget.isPending}>
            Clear
          </Button>
        ) : undefined
      }
    >
      <Loaded query={query} rows={3}>
        {({ calls, without_key, remembered_max, since_ms }) => {
          const all = [...calls, ...without_key].sort((a, b) => b.at_ms - a.at_ms)
          return (
            <>
              <Text size="sm" c="dimmed" mb="sm" maw={680}>
                The last {exactly(remembered_max)} since the server started {ago(since_ms)}. They are kept in memory only, without ids of people, and are forgotten with a restart and whenever somebody is erased.
              </Text>
              {all.length === 0 ? (
                <Empty icon="check" title="Nothing was refused">
                  When a call of the API is refused, it appears here with the reason.
                </Empty>
              ) : (
                <Stack gap={0}>
                  {all.map((one) => (
                    <details key={`${one.key}${one.number}`} className="refused">
                      <summary>
                        <Badge color={one.status === 422 ? 'kin' : 'shu'} variant="light">
                          {one.status}
                        </Badge>
                        <span className="mono">
                          {one.method} {one.route}
                        </span>
                        <span className="refused-why">{one.lines[0] ?? one.message}</span>
                        <Text size="xs" c="dimmed" component="span">
                          {one.times > 1 && `${exactly(one.times)} ×, `}
                          {ago(one.at_ms)}
                        </Text>
                      </summary>
                      <Stack gap="xs" py="sm">
                        <Group gap="md">
                          <Text size="xs" c="dimmed">
                            Last {time(one.at_ms)}, with the {keys[one.key]}
                          </Text>
                        </Group>
                        <Text size="sm">{one.message}</Text>
                        {one.lines.length > 0 && (
                          <Text size="sm" className="mono" style={{ whiteSpace: 'pre-wrap' }}>
                            {one.lines.join('\n')}
                            {one.lines_in_all > one.lines.length && `\n… and ${exactly(one.lines_in_all - one.lines.length)} more`}
                          </Text>
                        )}
                        {one.excerpt !== '' && <Code label="How the body began">{one.excerpt}</Code>}
                      </Stack>
                    </details>
                  ))}
                </Stack>
              )}
            </>
          )
        }}
      </Loaded>
    </Section>
  )
}
