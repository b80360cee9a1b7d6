import { Alert, Button, Group, Menu, Paper, SegmentedControl, Stack, Tabs, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { type EnvironmentName, v1 } from '../../api/client'
import type { Product, RecommendationAnswer } from '../../api/types'
import { ago, duration, interaction } from '../../format'
import { Badge } from '../../parts/Badge'
import { ProductCards, titleOf } from '../../parts/Products'
import { Empty, Failed, PageHead, Section } from '../../parts/States'
import { questions, type QuestionName } from '../../routes'
import { isReadOnly, isSample, useEnvironment } from '../../shell/environment'
import { useSeen } from '../Checklist'
import { Groups } from './Groups'
import { RequestPanel } from './RequestPanel'
import { asParameters, noRules, RulesPanel } from './Rules'
import { SearchQuestion } from './SearchQuestion'
import { asInteractions, type Click, fieldsOf, newAnonymous, type Press, useClicks, type Visitor } from './visitor'
import { VisitorPicker } from './VisitorPicker'
import { Why } from './Why'

const labels: Record<QuestionName, string> = { for_you: 'For this visitor', trending: 'Trending', groups: 'Categories', related: 'Related', history: 'History', search: 'Search' }
const actions = [
  { type: 'product_detail_page_view', label: 'View', icon: 'eye' },
  { type: 'add_to_cart', label: 'Add to cart', icon: 'cart' },
  { type: 'checkout', label: 'Buy', icon: 'bag' },
] as const

/** One new anonymous visitor per opened page, so that coming back to the sandbox is still the same person. */
const stranger = newAnonymous()

export function Sandbox() {
  const environment = useEnvironment()
  const readOnly = isReadOnly(environment)
  const search = useSearch({ from: '/$environment/sandbox' })
  const navigate = useNavigate({ from: '/$environment/sandbox' })
  const visitor = useMemo<Visitor>(
    () => (search.user !== undefined ? { kind: 'user', id: search.user } : { kind: 'anonymous', id: search.anonymous ?? stranger }),
    [search.user, search.anonymous],
  )
  const ask = search.ask ?? 'for_you'
  const [clicks, setClicks] = useClicks(visitor)
  const [action, setAction] = useState<string>('product_detail_page_view')
  const [rules, setRules] = useState(noRules)
  const [seen, setSeen] = useSeen()
  useEffect(() => {
    if (!seen.includes('sandbox')) setSeen([...seen, 'sandbox'])
  }, [seen, setSeen])

  const send = useMutation({
    mutationFn: async (click: Click) => {
      // In the playground, and for a viewer, nothing is stored: the clicks go along with the questions instead.
      if (!readOnly) await v1(environment, 'interactions', { body: { data: asInteractions([click], visitor) } })
      return click
    },
    onSuccess: (click) => setClicks([click, ...clicks]),
  })
  const press: Press = (product, miso_id) => {
    send.mutate({ type: action, product_id: product.product_id, title: titleOf(product), at: Date.now(), miso_id })
    if (ask === 'related') void navigate({ search: (before) => ({ ...before, product: product.product_id }) })
  }
  const person = { ...fieldsOf(visitor), ...(readOnly && clicks.length > 0 ? { additional_interactions: asInteractions(clicks, visitor) } : {}) }
  const asked = { ...person, rows: 12, fl: ['*'], ...asParameters(rules, false) }
  // What was just done changes every answer: it is part of what an answer is kept by.
  const turn = clicks[0]?.at ?? 0
  const become = (next: Visitor) =>
    void navigate({ search: (before) => ({ ...before, user: next.kind === 'user' ? next.id : undefined, anonymous: next.kind === 'anonymous' ? next.id : undefined }) })

  return (
    <>
      <PageHead title="Sandbox">
        Be a visitor, press products, and watch the answers follow. {stored(environment, readOnly)}
      </PageHead>
      <div className="sandbox">
        <Stack gap="lg">
          <VisitorPicker visitor={visitor} onChange={become} />
          <div data-nothing={clicks.length === 0 || undefined}>
          <Section
            title="Just done"
            aside={
              clicks.length > 0 && readOnly ? (
                <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setClicks([])}>
                  Forget
                </Button>
              ) : undefined
            }
          >
            {send.isError && <Failed error={send.error} />}
            <div aria-live="polite">
              {clicks.length === 0 ? (
                <Text size="sm" c="dimmed">
                  Nothing yet. Press a product.
                </Text>
              ) : (
                clicks.slice(0, 8).map((click) => (
                  <Group key={`${click.at}-${click.product_id}`} wrap="nowrap" gap={8} py={4} className="arrived">
                    <Badge size="sm" variant="light" color={click.type === 'checkout' ? 'take' : 'ai'} style={{ flex: 'none' }}>
                      {interaction(click.type)}
                    </Badge>
                    <Text size="sm" truncate title={ago(click.at)}>
                      {click.title}
                    </Text>
                  </Group>
                ))
              )}
            </div>
          </Section>
          </div>
        </Stack>
          <Paper p="lg">
            <Tabs value={ask} onChange={(value) => void navigate({ search: (before) => ({ ...before, ask: (value ?? 'for_you') as QuestionName }) })} keepMounted={false}>
              <Tabs.List mb="md" className="tab-list">
                {questions.map((name) => (
                  <Tabs.Tab key={name} value={name}>
                    {labels[name]}
                  </Tabs.Tab>
                ))}
              </Tabs.List>
              <Group gap="sm" mb="md">
                <Text size="sm" c="dimmed" id="press-label">
                  Pressing a product means
                </Text>
                <SegmentedControl
                  size="xs"
                  aria-labelledby="press-label"
                  value={action}
                  onChange={setAction}
                  data={actions.map(({ type, label }) => ({ value: type, label }))}
                />
              </Group>
              {ask !== 'history' && <RulesPanel rules={rules} onChange={setRules} isSearch={ask === 'search'} />}
              <Tabs.Panel value="for_you">
                <Recommendations path="recommendation/user_to_products" body={asked} turn={turn} press={press} />
              </Tabs.Panel>
              <Tabs.Panel value="trending">
                <Recommendations path="recommendation/user_to_trending" body={asked} turn={turn} press={press} />
              </Tabs.Panel>
              <Tabs.Panel value="groups">
                <Groups asked={asked} turn={turn} press={press} />
              </Tabs.Panel>
              <Tabs.Panel value="history">
                <Recommendations path="recommendation/user_to_history" body={{ ...person, rows: 12, fl: ['*'] }} turn={turn} press={press} nothing="This visitor did nothing with any product yet. Press one under another tab." />
              </Tabs.Panel>
              <Tabs.Panel value="related">
                <Related asked={asked} anchor={search.product ?? clicks[0]?.product_id} turn={turn} press={press} onAnchor={(product) => void navigate({ search: (before) => ({ ...before, product }) })} />
              </Tabs.Panel>
              <Tabs.Panel value="search">
                <SearchQuestion person={person} parameters={asParameters(rules, true)} turn={turn} press={press} />
              </Tabs.Panel>
            </Tabs>
          </Paper>
      </div>
    </>
  )
}

/** What becomes of what is pressed. */
function stored(environment: EnvironmentName, readOnly: boolean): string {
  if (isSample(environment)) return 'Nothing is stored in the playground: what you press is sent along with each question.'
  return readOnly ? 'As a viewer you store nothing: what you press is sent along with each question.' : `What you press is stored in ${environment}, like a real visitor’s.`
}

function Recommendations({ path, body, turn, press, nothing }: { path: string; body: object; turn: number; press: Press; nothing?: string }) {
  const environment = useEnvironment()
  const query = useQuery({
    queryKey: [environment, path, body, turn],
    queryFn: ({ signal }) => v1<RecommendationAnswer>(environment, path, { body, signal }),
    // The cards stay until the new ones are there: a click moves them, nothing flickers.
    placeholderData: (before, query) => (query?.queryKey[0] === environment ? before : undefined),
  })
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />
  const products = query.data?.products ?? []
  return (
    <>
      {query.data !== undefined && products.length === 0 ? (
        <Empty icon="sandbox" title="No product to recommend">
          {nothing ?? 'There are no products here yet, or none that fits the filter. The catalogue is uploaded under Data.'}
        </Empty>
      ) : (
        <ProductCards label="Recommended products" busy={query.isFetching} products={products} press={(product) => press(product, query.data?.miso_id)} note={(product) => <Why product={product} old={query.isPlaceholderData} />} />
      )}
      {query.data !== undefined && (
        <Text size="xs" c="dimmed" mt="sm">
          Answered in {duration(query.data.took)}.
        </Text>
      )}
      <RequestPanel request={{ path, body }} answer={query.data} />
    </>
  )
}

function Related({ asked, anchor, turn, press, onAnchor }: { asked: object; anchor?: string; turn: number; press: Press; onAnchor: (id: string) => void }) {
  const environment = useEnvironment()
  const found = useQuery({
    queryKey: [environment, 'anchor', anchor],
    queryFn: () => v1<{ products: (Product & { _found: boolean })[] }>(environment, 'search/mget', { body: { product_ids: [anchor], fl: ['*'] } }),
    enabled: anchor !== undefined,
  })
  const product = found.data?.products[0]
  if (anchor === undefined) {
    return (
      <Empty icon="sandbox" title="Related to which product?">
        Press a product under “{labels.for_you}” or in the search; then see here what goes with it.
      </Empty>
    )
  }
  return (
    <>
      <Alert variant="light" color="ai" mb="md" p="xs" px="md">
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm" truncate>
            Related to <strong>{product?._found ? titleOf(product) : anchor}</strong>
          </Text>
          <Menu position="bottom-end">
            <Menu.Target>
              <Button size="compact-sm" variant="subtle">
                Another
              </Button>
            </Menu.Target>
            <AnchorChoices onAnchor={onAnchor} />
          </Menu>
        </Group>
      </Alert>
      <Recommendations path="recommendation/product_to_products" body={{ product_id: anchor, ...asked }} turn={turn} press={press} />
    </>
  )
}

function AnchorChoices({ onAnchor }: { onAnchor: (id: string) => void }) {
  const environment = useEnvironment()
  const query = useQuery({
    queryKey: [environment, 'anchors'],
    queryFn: () => v1<RecommendationAnswer>(environment, 'recommendation/user_to_trending', { body: { rows: 8, fl: ['title'] } }),
  })
  return (
    <Menu.Dropdown maw={320}>
      <Menu.Label>Trending products</Menu.Label>
      {(query.data?.products ?? []).map((product) => (
        <Menu.Item key={product.product_id} onClick={() => onAnchor(product.product_id)}>
          <Text size="sm" truncate>
            {titleOf(product)}
          </Text>
        </Menu.Item>
      ))}
    </Menu.Dropdown>
  )
}

