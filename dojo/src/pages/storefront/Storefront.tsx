import { ActionIcon, Autocomplete, Button, Drawer, Group, Indicator, Paper, Stack, Text, Title } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import { v1 } from '../../api/client'
import { useSearchSetup } from '../../api/setup'
import type { Product } from '../../api/types'
import { exactly, price } from '../../format'
import { Code } from '../../parts/Copy'
import { asFacetFilters, type Chosen, FacetChoices } from '../../parts/Facets'
import { Icon } from '../../parts/Icon'
import { Picture } from '../../parts/Picture'
import { priceOf, ProductCards, titleOf } from '../../parts/Products'
import { Empty, Failed } from '../../parts/States'
import { isReadOnly, isSample, useEnvironment } from '../../shell/environment'
import { newShopper, shopOf } from './sdk'

const shown = ['title', 'brand', 'cover_image', 'sale_price', 'original_price', 'description', 'categories']

/** What the shop has told Tamari, latest first; the storefront says what happens behind it. */
interface Sent {
  type: string
  products: Product[]
  at: number
  miso_id?: string
}

/** What was done as the present shopper, per environment, as long as the page is open. */
const kept = new Map<string, Sent[]>()

function useSent() {
  const environment = useEnvironment()
  const key = `${environment}/${shopOf(environment).context.anonymous_id}`
  const [, redraw] = useState(0)
  // Several may come at the same moment, so what is kept is read anew.
  const note = (one: Sent) => {
    kept.set(key, [one, ...(kept.get(key) ?? [])].slice(0, 60))
    redraw((turn) => turn + 1)
  }
  const isShown = (miso_id: string) => (kept.get(key) ?? []).some((one) => one.type === 'impression' && one.miso_id === miso_id)
  return { sent: kept.get(key) ?? [], note, isShown }
}

const asInteraction = ({ type, products, at, miso_id }: Sent) => ({
  type,
  product_ids: products.map((one) => one.product_id),
  ...(miso_id === undefined ? {} : { miso_id }),
  ...(type === 'checkout' ? { revenue: products.reduce((sum, one) => sum + (priceOf(one) ?? 0), 0) } : {}),
  timestamp: new Date(at).toISOString(),
})

/** A small shop over the environment's catalogue, made with the published browser SDK: what one shows a colleague. */
export function Storefront() {
  const environment = useEnvironment()
  const { product, q } = useSearch({ from: '/$environment/storefront' })
  const navigate = useNavigate({ from: '/$environment/storefront' })
  const readOnly = isReadOnly(environment)
  const shop = shopOf(environment)
  const { sent, note, isShown } = useSent()
  const [cart, setCart] = useState<Product[]>([])
  const [open, drawer] = useDisclosure()
  const [telling, setTelling] = useState(false)
  const act = useMutation({
    mutationFn: async (done: Sent) => {
      // Where nothing may be stored, what was done is sent along with each question instead.
      if (!readOnly) await shop.api.interactions.upload(asInteraction(done))
      return done
    },
    onSuccess: note,
    onError: (error) => notifications.show({ message: error.message, color: 'shu' }),
  })
  const tell = (type: string, products: Product[], miso_id?: string) => act.mutate({ type, products, at: Date.now(), miso_id })
  const done = sent.filter((one) => one.type !== 'impression')
  const turn = done[0]?.at ?? 0
  const person = readOnly && done.length > 0 ? { additional_interactions: [...done].reverse().map((one) => ({ ...asInteraction(one), miso_id: undefined, revenue: undefined, anonymous_id: shop.context.anonymous_id })) } : {}
  const view = (one: Product, miso_id?: string) => {
    tell('product_detail_page_view', [one], miso_id)
    void navigate({ search: { product: one.product_id } })
    scrollTo({ top: 0 })
  }
  const add = (one: Product) => {
    setCart([...cart, one])
    tell('add_to_cart', [one])
  }
  const buy = () => {
    tell('checkout', cart)
    setCart([])
    drawer.close()
    notifications.show({ message: 'Thank you for your order. The shop has learnt from it.', color: 'take' })
  }
  // What was on the screen, once for each answer.
  const seen = (products: Product[], miso_id: string) => {
    if (products.length === 0 || isShown(miso_id)) return
    tell('impression', products, miso_id)
  }
  const searched = (keywords: string, products: Product[], miso_id: string) => {
    if (!readOnly) void shop.api.interactions.upload({ type: 'search', product_ids: products.slice(0, 20).map((one) => one.product_id), search: { keywords }, miso_id }).catch(() => undefined)
  }
  const another = () => {
    newShopper(environment)
    setCart([])
    void navigate({ search: {} })
  }
  return (
    <>
      <Group justify="space-between" mb="md" gap="xs" align="flex-end">
        <div style={{ maxWidth: 680 }}>
          <Title order={1}>Storefront</Title>
          <Text size="sm" c="dimmed">
            A shop over your catalogue, made with the published browser SDK: look around and see it follow you.{' '}
            {readOnly ? `${isSample(environment) ? 'Nothing is stored here' : 'As a viewer you store nothing'}: what you do is sent along with each question, and is gone with this page.` : `What you do is stored in ${environment}, like a real visitor’s.`}
          </Text>
        </div>
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={another}>
            Be somebody new
          </Button>
          <Button size="xs" variant="default" aria-expanded={telling} onClick={() => setTelling(!telling)}>
            {done.length === 0 ? 'What happens behind it' : `${exactly(done.length)} ${done.length === 1 ? 'interaction' : 'interactions'} so far`}
          </Button>
        </Group>
      </Group>
      {telling && <Behind sent={sent} readOnly={readOnly} />}
      <Paper p={0} style={{ overflow: 'hidden' }}>
        <div className="shop-head">
          <Button variant="transparent" c="inherit" px={0} fz="lg" fw={650} onClick={() => void navigate({ search: {} })}>
            Your shop
          </Button>
          <SearchBox person={person} turn={turn} initial={q ?? ''} go={(text) => void navigate({ search: text === '' ? {} : { q: text } })} />
          <Indicator label={cart.length} size={18} disabled={cart.length === 0}>
            <ActionIcon variant="default" size="lg" onClick={drawer.open} aria-label={`Cart, ${cart.length} products`}>
              <Icon name="cart" />
            </ActionIcon>
          </Indicator>
        </div>
        <Stack gap="xl" p="lg">
          {product !== undefined ? (
            <Detail id={product} person={person} turn={turn} view={view} add={add} seen={seen} />
          ) : q !== undefined ? (
            <Found key={q} q={q} person={person} turn={turn} view={view} searched={searched} seen={seen} />
          ) : (
            <>
              <ShelfOf title={done.length > 0 ? 'Picked for you' : 'Popular with our visitors'} api="userToProducts" body={{ ...person, rows: 10 }} turn={turn} view={view} seen={seen} />
              <ShelfOf title="Trending" api="userToTrending" body={{ ...person, rows: 5 }} turn={turn} view={view} seen={seen} />
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
                    tell('remove_from_cart', [one])
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
    queryFn: () => shopOf(environment).api.search.autocomplete({ q: soon, ...person, rows: 6 }),
    enabled: soon.trim() !== '',
    placeholderData: keepPreviousData,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    go(typed.trim())
  }
  return (
    <form onSubmit={submit} role="search">
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

type View = (product: Product, miso_id?: string) => void
type Seen = (products: Product[], miso_id: string) => void

interface ShelfProps {
  title: string
  api: 'userToProducts' | 'userToTrending' | 'productToProducts'
  body: object
  turn: number
  view: View
  seen: Seen
  nothing?: ReactNode
}

function ShelfOf({ title, api, body, turn, view, seen, nothing }: ShelfProps) {
  const environment = useEnvironment()
  const shop = shopOf(environment)
  const query = useQuery({
    queryKey: [environment, 'shelf', shop.context.anonymous_id, api, body, turn],
    queryFn: () => shop.api.recommendation[api]({ ...body, fl: shown }),
    placeholderData: keepPreviousData,
  })
  const products = query.data?.products ?? []
  const miso_id = query.data?.miso_id
  useEffect(() => {
    if (miso_id !== undefined && !query.isPlaceholderData) seen(products, miso_id)
    // Once for an answer, whatever else is drawn anew.
  }, [miso_id, query.isPlaceholderData])
  return (
    <section aria-label={title}>
      <Title order={2} mb="sm">
        {title}
      </Title>
      {query.isError ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : query.data !== undefined && products.length === 0 ? (
        (nothing ?? <Empty icon="shop" title="The shelf is empty">There are no products in this environment yet. The playground above has a sample shop.</Empty>)
      ) : (
        <ProductCards products={products} press={(one) => view(one, miso_id)} busy={query.isFetching} />
      )}
    </section>
  )
}

function Found({ q, person, turn, view, searched, seen }: Asked & { q: string; view: View; searched: (keywords: string, products: Product[], miso_id: string) => void; seen: Seen }) {
  const environment = useEnvironment()
  const setup = useSearchSetup()
  const [chosen, setChosen] = useState<Chosen>({})
  const question = { q, ...person, rows: 20, fl: shown, facets: setup.data?.facets ?? [], ...asFacetFilters(chosen), spellcheck: { enable_auto_spelling_correction: true }, enable_partial_match: true }
  const query = useQuery({
    queryKey: [environment, 'shop-search', question, turn],
    queryFn: () => shopOf(environment).api.search.search(question),
    enabled: !setup.isPending,
    placeholderData: keepPreviousData,
  })
  const { miso_id, products } = query.data ?? {}
  useEffect(() => {
    if (miso_id === undefined || products === undefined || query.isPlaceholderData) return
    searched(q, products, miso_id)
    seen(products, miso_id)
    // Once for an answer, whatever else is drawn anew.
  }, [miso_id, query.isPlaceholderData])
  if (query.isError) return <Failed error={query.error} retry={() => void query.refetch()} />
  return (
    <section aria-label="Results">
      <Title order={2} mb="sm">
        {query.data === undefined ? 'Searching…' : `${exactly(query.data.total)} for “${q}”`}
      </Title>
      {products?.length === 0 && Object.keys(chosen).length === 0 ? (
        <Empty icon="search" title="Nothing matches">
          Try other words.
        </Empty>
      ) : (
        <Group align="flex-start" gap="lg" wrap="wrap">
          <FacetChoices counts={query.data?.facet_counts?.facet_fields} chosen={chosen} onChange={setChosen} />
          <div style={{ flex: '999 1 320px', minWidth: 0 }}>
            <ProductCards products={products ?? []} press={(one) => view(one, miso_id)} busy={query.isFetching} />
          </div>
        </Group>
      )}
    </section>
  )
}

function Detail({ id, person, turn, view, add, seen }: Asked & { id: string; view: View; add: (product: Product) => void; seen: Seen }) {
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
      <ShelfOf title="Goes well with it" api="productToProducts" body={{ product_id: id, ...person, rows: 5 }} turn={turn} view={view} seen={seen} nothing={<Text size="sm" c="dimmed">Nothing yet.</Text>} />
      <ShelfOf title="For you" api="userToProducts" body={{ ...person, rows: 5 }} turn={turn} view={view} seen={seen} />
    </>
  )
}

/** What the page says to Tamari, and why the shelves change. */
function Behind({ sent, readOnly }: { sent: Sent[]; readOnly: boolean }) {
  return (
    <Paper mb="md" p="lg">
      <Stack gap="sm">
        <Text size="sm" maw={720}>
          Each page view, cart and purchase is an interaction; each shelf is a question about the same visitor, asked again after it. Interactions quote the <span className="mono">miso_id</span> of the answer that
          led to them, so that Overview can tell what the recommendations were good for. {readOnly ? 'Here, they go into the question itself, as additional_interactions.' : 'They can be seen arriving on the page Live.'}
        </Text>
        <Code label="The last interactions">
          {sent.length === 0
            ? "miso.api.interactions.upload({ type: 'product_detail_page_view', product_ids: ['…'], miso_id: '…' })"
            : sent
                .slice(0, 6)
                .map((one) => `miso.api.interactions.upload(${JSON.stringify({ ...asInteraction(one), timestamp: undefined })})`)
                .join('\n')}
        </Code>
      </Stack>
    </Paper>
  )
}
