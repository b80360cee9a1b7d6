import { Anchor, Button, Group, Paper, SegmentedControl, Select, Stack, Switch, Tabs, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { call } from '../api/client'
import { keysQuery, type Masked } from '../api/queries'
import { time } from '../format'
import { Confirm } from '../parts/Confirm'
import { Code, Copy } from '../parts/Copy'
import { Icon } from '../parts/Icon'
import { Failed, Loaded, PageHead, Section } from '../parts/States'
import { look, useEnvironment } from '../shell/environment'
import { may, needs } from '../shell/session'
import { useSeen } from './Checklist'
import { host, type Language, snippet } from './sandbox/snippets'

type Kind = 'secret' | 'publishable'

export function Keys() {
  const environment = useEnvironment()
  const query = useQuery(keysQuery(environment))
  const [seen, setSeen] = useSeen()
  useEffect(() => {
    if (!seen.includes('keys')) setSeen([...seen, 'keys'])
  }, [seen, setSeen])
  return (
    <>
      <PageHead title="Keys and API">
        The API of this environment is at <span className="mono">{host()}/v1</span>; existing Miso clients work with it unchanged once they point there.
      </PageHead>
      <Loaded query={query} rows={6}>
        {(keys) => (
          <Stack gap="lg">
            <Paper p="lg">
              <Stack gap="lg">
                <SecretKey key={`${environment}${keys.secret_masked}`} masked={keys.secret_masked} />
                <KeyLine kind="publishable" title="Publishable key" note="For web pages and apps: it can send interactions and ask questions, nothing else." shown={keys.publishable} copied={may('editor') ? keys.publishable : undefined} />
                {keys.former.length > 0 && <Former former={keys.former} />}
                {!may('administrator') && (
                  <Text size="sm" c="dimmed">
                    {may('editor') ? 'Replacing a key needs the role administrator.' : needs('editor')}
                  </Text>
                )}
              </Stack>
            </Paper>
            <Snippets publishable={may('editor') ? keys.publishable : 'YOUR_PUBLISHABLE_KEY'} />
          </Stack>
        )}
      </Loaded>
    </>
  )
}

/** The secret key comes into the page only when it is asked for, and leaves it with the page. */
function SecretKey({ masked }: { masked: string }) {
  const environment = useEnvironment()
  const [secret, setSecret] = useState<string>()
  const reveal = useMutation({ mutationFn: () => call<{ text: string }>(`${environment}/keys/_reveal`, { body: { kind: 'secret' } }), onSuccess: ({ text }) => setSecret(text) })
  return (
    <>
      <KeyLine
        kind="secret"
        title="Secret key"
        note="For your servers only: whoever has it can read and change everything in this environment."
        shown={secret ?? masked}
        copied={secret}
        reveal={secret === undefined && may('editor') ? () => reveal.mutate() : undefined}
        hide={secret === undefined ? undefined : () => setSecret(undefined)}
      />
      {reveal.isError && <Failed error={reveal.error} />}
    </>
  )
}

interface LineProps {
  kind: Kind
  title: string
  note: string
  shown: string
  copied?: string
  reveal?: () => void
  hide?: () => void
}

function KeyLine({ kind, title, note, shown, copied, reveal, hide }: LineProps) {
  const [rotating, dialog] = useDisclosure()
  return (
    <div>
      <Title order={2}>{title}</Title>
      <Text size="sm" c="dimmed" mb={8}>
        {note}
      </Text>
      <Group gap="xs">
        <Text className="mono" component="code" px="sm" py={6} style={{ background: 'var(--quiet)', borderRadius: 8, flex: '0 1 auto' }} data-testid={`key-${kind}`}>
          {shown}
        </Text>
        {copied !== undefined && <Copy text={copied} label="Copy" named />}
        {reveal !== undefined && (
          <Button size="xs" variant="default" leftSection={<Icon name="eye" size={15} />} onClick={reveal}>
            Show
          </Button>
        )}
        {hide !== undefined && (
          <Button size="xs" variant="default" onClick={hide}>
            Hide
          </Button>
        )}
        {may('administrator') && (
          <Button size="xs" variant="subtle" color="shu" leftSection={<Icon name="refresh" size={15} />} onClick={dialog.open}>
            Replace
          </Button>
        )}
      </Group>
      <Rotate kind={kind} title={title} opened={rotating} close={dialog.close} />
    </div>
  )
}

/** Keys that were replaced and still work for a while. */
function Former({ former }: { former: Masked['former'] }) {
  const environment = useEnvironment()
  const client = useQueryClient()
  const revoke = useMutation({
    mutationFn: (kind: Kind) => call(`${environment}/keys/_revoke`, { body: { kind } }),
    onSuccess: () => client.invalidateQueries({ queryKey: [environment, 'keys'] }),
  })
  return (
    <div>
      <Title order={2}>Replaced keys that still work</Title>
      {former.map((one) => (
        <Group key={one.masked + one.until_ms} gap="sm" mt={8}>
          <Text className="mono" component="code">
            {one.masked}
          </Text>
          <Text size="sm" c="dimmed">
            {one.kind}, until {time(one.until_ms)}
          </Text>
          {may('administrator') && (
            <Button size="compact-sm" variant="subtle" color="shu" onClick={() => revoke.mutate(one.kind)} loading={revoke.isPending}>
              Revoke now
            </Button>
          )}
        </Group>
      ))}
      {revoke.isError && <Failed error={revoke.error} title="It was not revoked" />}
    </div>
  )
}

const graces = [
  { value: '0', label: 'Not at all: it was seen by somebody' },
  { value: '1', label: 'For an hour' },
  { value: '24', label: 'For a day' },
  { value: '168', label: 'For a week' },
]

function Rotate({ kind, title, opened, close }: { kind: Kind; title: string; opened: boolean; close: () => void }) {
  const environment = useEnvironment()
  const client = useQueryClient()
  const [grace, setGrace] = useState('24')
  const rotate = useMutation({
    mutationFn: () => call(`${environment}/keys/_rotate`, { body: { kind, grace_hours: Number(grace) } }),
    onSuccess: () => {
      notifications.show({ message: grace === '0' ? 'A new key is in force; the one before it no longer works.' : 'A new key is in force; the one before it still works for a while.', color: 'take' })
      close()
      return client.invalidateQueries({ queryKey: [environment, 'keys'] })
    },
  })
  return (
    <Confirm opened={opened} close={close} title={`Replace the ${title.toLowerCase()}?`} word={environment} action="Replace" keep="Keep" run={() => rotate.mutate()} busy={rotate.isPending} error={rotate.error}>
      <Stack gap="sm">
        <Text size="sm">
          <strong>{look[environment].label}</strong> gets a new key. Put it where the present one is used before that stops working.
        </Text>
        <Select label="The present key goes on working" data={graces} value={grace} onChange={(value) => setGrace(value ?? '0')} allowDeselect={false} />
      </Stack>
    </Confirm>
  )
}

const examples = [
  { value: 'interactions', label: 'Send an interaction', path: 'interactions', body: { data: [{ type: 'product_detail_page_view', product_ids: ['PRODUCT_ID'], user_id: 'USER_ID' }] } },
  { value: 'recommendation', label: 'Get recommendations', path: 'recommendation/user_to_products', body: { user_id: 'USER_ID', rows: 5, fl: ['title', 'url', 'cover_image'] } },
  { value: 'search', label: 'Search', path: 'search/search', body: { q: 'shoes', user_id: 'USER_ID', rows: 10, fl: ['title', 'url', 'cover_image'] } },
  { value: 'products', label: 'Upload products', path: 'products', body: { data: [{ product_id: 'PRODUCT_ID', title: 'A title', categories: [['Shoes', 'Running']], sale_price: 49.9 }] } },
]

function Snippets({ publishable }: { publishable: string }) {
  const environment = useEnvironment()
  const [language, setLanguage] = useState<string>('browser')
  const [example, setExample] = useState('interactions')
  const [secret, setSecret] = useState<string>()
  const reveal = useMutation({ mutationFn: () => call<{ text: string }>(`${environment}/keys/_reveal`, { body: { kind: 'secret' } }), onSuccess: ({ text }) => setSecret(text) })
  useEffect(() => setSecret(undefined), [environment])
  const { path, body } = examples.find((one) => one.value === example) ?? examples[0]!
  const code = language === 'browser' ? browserCode(publishable) : snippet(language as Language, { path, body }, secret ?? 'YOUR_SECRET_KEY')
  return (
    <Section
      title="Code to paste"
      aside={
        <Anchor href="/docs/" target="_blank" size="sm">
          The whole API
        </Anchor>
      }
    >
      <Tabs value={language} onChange={(value) => setLanguage(value ?? 'browser')}>
        <Tabs.List mb="md" aria-label="Where the code runs">
          <Tabs.Tab value="browser">Web page</Tabs.Tab>
          <Tabs.Tab value="curl">curl</Tabs.Tab>
          <Tabs.Tab value="javascript">JavaScript server</Tabs.Tab>
          <Tabs.Tab value="python">Python</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value={language}>
          <Group justify="space-between" mb="xs">
            {language === 'browser' ? (
              <Text size="sm" c="dimmed" maw={620}>
                Without any library. It carries the publishable key, which is meant to be seen.
              </Text>
            ) : (
              <Group gap="md">
                <SegmentedControl size="xs" aria-label="What the code does" value={example} onChange={setExample} data={examples.map(({ value, label }) => ({ value, label }))} />
                <Switch size="sm" disabled={!may('editor')} label="With the secret key" checked={secret !== undefined} onChange={(event) => (event.currentTarget.checked ? reveal.mutate() : setSecret(undefined))} />
              </Group>
            )}
            <Copy text={code} label="Copy" named />
          </Group>
          {reveal.isError && <Failed error={reveal.error} />}
          <Code label="Code">{code}</Code>
        </Tabs.Panel>
      </Tabs>
    </Section>
  )
}

function browserCode(key: string): string {
  const end = '</scr' + 'ipt>'
  return `<script>
  const tamari = {
    url: ${JSON.stringify(`${host()}/v1/`)},
    key: ${JSON.stringify(key)},
    // The same visitor on every page of the shop.
    visitor: (localStorage.visitor ??= crypto.randomUUID()),
    send(type, productIds) {
      const data = [{ type, product_ids: productIds, anonymous_id: this.visitor }]
      navigator.sendBeacon(this.url + 'interactions?api_key=' + this.key, JSON.stringify({ data }))
    },
  }
  // On a product's page:
  tamari.send('product_detail_page_view', ['PRODUCT_ID'])
  // When it goes into the cart: tamari.send('add_to_cart', ['PRODUCT_ID'])
  // When it is bought: tamari.send('checkout', ['PRODUCT_ID'])
${end}`
}
