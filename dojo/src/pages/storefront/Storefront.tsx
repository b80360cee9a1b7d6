import { ActionIcon, Autocomplete, Badge, Button, Drawer, Group, Indicator, Paper, Stack, Text, Title } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useState } from 'react'
import { v1 } from '../../api/client'
import type { Product, RecommendationAnswer, SearchAnswer } from '../../api/types'
import { exactly, price } from '../../format'
import { Icon } from '../../parts/Icon'
import { Picture } from '../../parts/Picture'
import { priceOf, ProductButton, titleOf } from '../../parts/Products'
import { Empty, Failed } from '../../parts/States'
import { isReadOnly, useEnvironment } from '../../shell/environment'
import { asInteractions, fieldsOf, newAnonymous, useClicks, type Visitor } from '../sandbox/visitor'

/** One shopper per opened page. */
const shopper: Visitor = { kind: 'anonymous', id: newAnonymous() }
const shown = ['title', 'brand', 'cover_image', 'sale_price', 'original_price', 'description', 'categories']

/** A small shop over the environment's catalogue: what one shows a colleague. */
export function Storefront() {
  const environment = useEnvironment()
  const { product, q } = useSearch({ from: '/$environment/storefront' })
  const navigate = useNavigate({ from: '/$environment/storefront' })
  const readOnly = isReadOnly(environment)
  const [clicks, setClicks] = useClicks(shopper)
  const [cart, setCart] = useState<Product[]>([])
  const [open, drawer] = useDisclosure()
  const act = useMutation({
    mutationFn: async ({ type, products }: { type: string; products: Product[] }) => {
      const done = products.map((one) => ({ type, product_id: one.product_id, title: titleOf(one), at: Date.now() }))
      if (!readOnly) await v1(environment, 'interactions', { body: { data: asInteractions(done, shopper) } })
      return done
    },
    onSuccess: (done) => setClicks([...done, ...clicks]),
    onError: (error) => notifications.show({ message: error.message, color: 'shu' }),
  })
  const turn = clicks[0]?.at ?? 0
  const person = { ...fieldsOf(shopper), ...(readOnly && clicks.length > 0 ? { additional_interactions: asInteractions(clicks, shopper) } : {}) }
  const view = (one: Product) => {
    act.mutate({ type: 'product_detail_page_view', products: [one] })
    void navigate({ search: { product: one.product_id } })
    scrollTo({ top: 0 })
  }
  const add = (one: Product) => {
    setCart([...cart, one])
    act.mutate({ type: 'add_to_cart', products: [one] })
  }
  const buy = () => {
    act.mutate({ type: 'checkout', products: cart })
    setCart([])
    drawer.close()
    notifications.show({ message: 'Thank you for your order. The shop has learnt from it.', color: 'take' })
  }
  return (
    <>
      <Group justify="space-between" mb="md" gap="xs">
        <div>
          <Title order={1}>Storefront</Title>
          <Text size="sm" c="dimmed">
            A shop over your catalogue: look around and see it follow you. {readOnly ? 'Nothing is stored here.' : `What you do is stored in ${environment}.`}
          </Text>
        </div>
        {clicks.length > 0 && (
          <Badge variant="light" color="gray" size="lg">
            {exactly(clicks.length)} {clicks.length === 1 ? 'interaction' : 'interactions'} so far
          </Badge>
        )}
      </Group>
      <Paper p={0} style={{ overflow: 'hidden' }}>
        <Group px="lg" py="md" gap="md" style={{ borderBottom: '1px solid var(--line)' }} wrap="wrap">
          <Button variant="transparent" c="inherit" px={0} fz="lg" fw={650} onClick={() => void navigate({ search: {} })}>
            Your shop
          </Button>
          <SearchBox person={person} turn={turn} initial={q ?? ''} go={(text) => void navigate({ search: text === '' ? {} : { q: text } })} />
          <Indicator label={cart.length} size={18} disabled={cart.length === 0}>
            <ActionIcon variant="default" size="lg" onClick={drawer.open} aria-label={`Cart, ${cart.length} products`}>
              <Icon name="cart" />
            </ActionIcon>
          </Indicator>
        </Group>
        <Stack gap="xl" p="lg">
          {product !== undefined ? (
            <Detail id={product} person={person} turn={turn} view={view} add={add} />
          ) : q !== undefined ? (
            <Found q={q} person={person} turn={turn} view={view} />
          ) : (
            <>
              <Shelf title={clicks.length > 0 ? 'Picked for you' : 'Popular with our visitors'} path="recommendation/user_to_products" body={{ ...person, rows: 10 }} turn={turn} view={view} />
              <Shelf title="Trending" path="recommendation/user_to_trending" body={{ ...person, rows: 5 }} turn={turn} view={view} />
            </>
          )}
        </Stack>
      </Paper>
      <Drawer opened={open} onClose={drawer.close} position="right" title={<Text fw={620}>Your cart</Text>} closeButtonProps={{ 'aria-label': 'Close' }}>
        {cart.length === 0 ? (
          <Empty icon="cart" title="Nothing in it yet" />
        ) : (
          <Stack>
            {cart.map((one, place) => (
              <Group key={`${one.product_id}-${place}`} wrap="nowrap">
                <Picture src={one.cover_image} className="small-picture" />
                <Text size="sm" style={{ flex: 1 }}>
                  {titleOf(one)}
                </Text>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Take ${titleOf(one)} out`}
                  onClick={() => {
                    setCart(cart.filter((_, at) => at !== place))
                    act.mutate({ type: 'remove_from_cart', products: [one] })
                  }}
                >
                  <Icon name="close" size={15} />
                </ActionIcon>
              </Group>
            ))}
            <Button onClick={buy} fullWidth>
              Buy for {price(cart.reduce((sum, one) => sum + (priceOf(one) ?? 0), 0))}
            </Button>
          </Stack>
        )}
      </Drawer>
    </>
  )
}

interface Asked {
  person: object
  turn: number
}

function SearchBox({ person, turn, initial, go }: Asked & { initial: string; go: (text: string) => void }) {
  const environment = useEnvironment()
  const [typed, setTyped] = useState(initial)
  const [soon] = useDebouncedValue(typed, 80)
  const completions = useQuery({
    queryKey: [environment, 'autocomplete', soon, turn],
    queryFn: ({ signal }) => v1<{ completions: Record<string, { text: string }[]> }>(environment, 'search/autocomplete', { body: { q: soon, ...person, rows: 6 }, signal }),
    enabled: soon.trim() !== '',
    placeholderData: keepPreviousData,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    go(typed.trim())
  }
  return (
    <form onSubmit={submit} role="search" style={{ flex: '1 1 180px' }}>
      <Autocomplete
        aria-label="Search the shop"
        placeholder="Search"
        value={typed}
        onChange={setTyped}
        onOptionSubmit={(text) => {
          setTyped(text)
          go(text)
        }}
        data={[...new Set(Object.values(completions.data?.completions ?? {}).flatMap((list) => list.map((one) => one.text)))]}
        filter={({ options }) => options}
        leftSection={<Icon name="search" size={16} />}
      />
    </form>
  )
}

function Shelf({ title, path, body, turn, view, nothing }: { title: string; path: string; body: object; turn: number; view: (product: Product) => void; nothing?: ReactNode }) {
  const environment = useEnvironment()
  const query = useQuery({
    queryKey: [environment, 'shelf', path, body, turn],
    queryFn: ({ signal }) => v1<RecommendationAnswer>(environment, path, { body: { ...body, fl: shown }, signal }),
    placeholderData: keepPreviousData,
  })
  const products = query.data?.products ?? []
  return (
    <section aria-label={title}>
      <Title order={2} mb="sm">
        {title}
      </Title>
      {query.isError ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : query.data !== undefined && products.length === 0 ? (
        (nothing ?? <Empty icon="shop" title="The shelf is empty">Upload products to this environment, or choose the playground above.</Empty>)
      ) : (
        <Cards products={products} view={view} busy={query.isFetching} />
      )}
    </section>
  )
}

function Cards({ products, view, busy }: { products: Product[]; view: (product: Product) => void; busy: boolean }) {
  return (
    <ul className="cards" aria-busy={busy}>
      {products.map((one) => (
        <li key={one.product_id}>
          <ProductButton product={one} onPress={() => view(one)} />
        </li>
      ))}
    </ul>
  )
}

function Found({ q, person, turn, view }: Asked & { q: string; view: (product: Product) => void }) {
  const environment = useEnvironment()
  const query = useQuery({
    queryKey: [environment, 'shop-search', q, person, turn],
    queryFn: ({ signal }) => v1<SearchAnswer>(environment, 'search/search', { body: { q, ...person, rows: 20, fl: shown, spellcheck: { enable_auto_spelling_correction: true }, enable_partial_match: true }, signal }),
    placeholderData: keepPreviousData,
  })
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />
  return (
    <section aria-label="Results">
      <Title order={2} mb="sm">
        {query.data === undefined ? 'Searching…' : `${exactly(query.data.total)} for “${q}”`}
      </Title>
      {query.data?.products.length === 0 ? <Empty icon="search" title="Nothing matches">Try other words.</Empty> : <Cards products={query.data?.products ?? []} view={view} busy={query.isFetching} />}
    </section>
  )
}

function Detail({ id, person, turn, view, add }: Asked & { id: string; view: (product: Product) => void; add: (product: Product) => void }) {
  const environment = useEnvironment()
  const query = useQuery({ queryKey: [environment, 'product', id], queryFn: () => v1<Product>(environment, `products/${encodeURIComponent(id)}`) })
  const product = query.data
  return (
    <>
      {query.isError && <Failed error={query.error} retry={() => void query.refetch()} />}
      {product !== undefined && (
        <Group align="flex-start" gap="xl" wrap="wrap">
          <div style={{ width: 300, maxWidth: '100%', borderRadius: 14, overflow: 'hidden' }}>
            <Picture src={product.cover_image} className="card-picture" iconSize={60} />
          </div>
          <Stack gap="sm" style={{ flex: '1 1 280px', minWidth: 0 }}>
            <Text size="sm" c="dimmed">
              {[product.brand, product.categories?.[0]?.join(' › ')].filter(Boolean).join(' · ')}
            </Text>
            <Title order={2} fz="xl">
              {titleOf(product)}
            </Title>
            {priceOf(product) !== undefined && <Text fz="lg">{price(priceOf(product) ?? 0)}</Text>}
            <Text size="sm" maw={520}>
              {product.description}
            </Text>
            <div>
              <Button leftSection={<Icon name="cart" size={16} />} onClick={() => add(product)}>
                Add to cart
              </Button>
            </div>
          </Stack>
        </Group>
      )}
      <Shelf title="Goes well with it" path="recommendation/product_to_products" body={{ product_id: id, ...person, rows: 5 }} turn={turn} view={view} nothing={<Text size="sm" c="dimmed">Nothing yet.</Text>} />
      <Shelf title="For you" path="recommendation/user_to_products" body={{ ...person, rows: 5 }} turn={turn} view={view} />
    </>
  )
}
