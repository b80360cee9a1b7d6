import { Button, Checkbox, Group, NativeSelect, Pagination, Paper, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback, useDisclosure } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { productRows, productsBody, productsQuery } from '../../api/queries'
import { exactly, price } from '../../format'
import { Badge } from '../../parts/Badge'
import { Icon } from '../../parts/Icon'
import { Picture } from '../../parts/Picture'
import { priceOf, titleOf } from '../../parts/Products'
import { SortHead } from '../../parts/SortHead'
import { Empty, Failed, Loaded } from '../../parts/States'
import { Table } from '../../parts/Table'
import type { Order } from '../../routes'
import { isReadOnly, useEnvironment } from '../../shell/environment'
import { needs } from '../../shell/session'
import { DeleteRecords } from './DeleteRecords'
import { ExportMenu } from './ExportMenu'

/** How the server is asked for each order. */
const orderBy: Record<Order, { sort: string; descending?: boolean }> = {
  best: { sort: 'best' },
  title: { sort: 'title' },
  title_down: { sort: 'title', descending: true },
  cheap: { sort: 'price' },
  dear: { sort: 'price', descending: true },
  rating: { sort: 'rating', descending: true },
}
/** Lucene's own signs, taken literally. */
const quoted = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

/** The catalogue, a page at a time. */
export function ProductTable() {
  const environment = useEnvironment()
  const { q = '', page = 1, order = 'best', type, stock, brand, fq } = useSearch({ from: '/$environment/data-sets/data/products' })
  const navigate = useNavigate({ from: '/$environment/data/products' })
  const [typed, setTyped] = useState(q)
  const [filter, setFilter] = useState(fq ?? '')
  const [marked, setMarked] = useState<string[]>([])
  const [deleting, dialog] = useDisclosure()
  const search = useDebouncedCallback((text: string) => {
    setMarked([])
    void navigate({ search: (before) => ({ ...before, q: text === '' ? undefined : text, page: undefined }), replace: true })
  }, 200)
  const filters = [type === undefined ? '' : `type:${quoted(type)}`, stock === undefined ? '' : `availability:${quoted(stock)}`, brand === undefined ? '' : `brand:${quoted(brand)}`, fq === undefined ? '' : `(${fq})`].filter((one) => one !== '')
  const body = productsBody({ q, fq: filters.join(' AND '), ...orderBy[order], page })
  const query = useQuery({
    ...productsQuery(environment, body),
    placeholderData: keepPreviousData,
  })
  const facet = (field: string) => query.data?.facet_counts?.facet_fields?.[field]?.map(([value]) => value) ?? []
  const set = (change: object) => {
    setMarked([])
    void navigate({ search: (before) => ({ ...before, page: undefined, ...change }) })
  }
  const canDelete = !isReadOnly(environment)
  const all = query.data?.products.map((product) => product.product_id) ?? []
  return (
    <Paper p="lg">
      <div className="filters">
        <TextInput
          label="Search"
          placeholder="Title, brand, category or id"
          leftSection={<Icon name="search" size={16} />}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            search(event.currentTarget.value)
          }}
        />
        <Narrow label="Type" value={type} values={facet('type')} onChange={(value) => set({ type: value })} />
        <Narrow label="Brand" value={brand} values={facet('brand')} onChange={(value) => set({ brand: value })} />
        <Narrow label="Availability" value={stock} values={facet('availability')} word={stockWord} onChange={(value) => set({ stock: value })} />
        <NativeSelect
          label="Order"
          value={order}
          data={[
            { value: 'best', label: q === '' ? 'Most popular' : 'Best match' },
            { value: 'title', label: 'Title, A to Z' },
            { value: 'title_down', label: 'Title, Z to A' },
            { value: 'cheap', label: 'Lowest price' },
            { value: 'dear', label: 'Highest price' },
            { value: 'rating', label: 'Best rated' },
          ]}
          onChange={({ currentTarget: { value } }) => set({ order: value === 'best' ? undefined : value })}
        />
      </div>
      <Group mb="md" gap="sm" align="flex-end" component="form" {...{ onSubmit: (event: FormEvent) => { event.preventDefault(); set({ fq: filter.trim() === '' ? undefined : filter.trim() }) } }}>
        <TextInput
          style={{ flex: '1 1 260px' }}
          label="Filter"
          placeholder='sale_price:[10 TO 50] AND NOT tags:"old"'
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
          onBlur={() => filter.trim() !== (fq ?? '') && set({ fq: filter.trim() === '' ? undefined : filter.trim() })}
          error={query.isError && fq !== undefined ? query.error.message : undefined}
          spellCheck={false}
          classNames={{ input: 'mono' }}
        />
        <ExportMenu set="products" filters={{ q, fq: filters.join(' AND ') }} />
      </Group>
      {query.isError && query.data !== undefined && fq === undefined && <Failed error={query.error} retry={() => void query.refetch()} />}
      {query.isError && fq !== undefined ? (
        <Empty icon="search" title="The filter cannot be read">
          A field, a colon and a value, joined by AND, OR and NOT: brand:"Nike" AND sale_price:[10 TO 50].
        </Empty>
      ) : (
      <Loaded query={query} rows={10}>
        {(found) =>
          found.total === 0 ? (
            q === '' && filters.length === 0 ? (
              <Empty
                icon="data"
                title="No products yet"
                action={
                  canDelete ? (
                    <Button component={Link} to={`/${environment}/data/upload?set=products`} leftSection={<Icon name="upload" size={16} />}>
                      Upload products
                    </Button>
                  ) : undefined
                }
              >
                {canDelete ? 'Everything begins with the catalogue: a CSV, JSON or JSON Lines file from your shop.' : needs('editor')}
              </Empty>
            ) : (
              <Empty
                icon="search"
                title="Nothing matches"
                action={
                  <Button
                    variant="default"
                    size="xs"
                    onClick={() => {
                      setTyped('')
                      setFilter('')
                      void navigate({ search: {} })
                    }}
                  >
                    Show all products
                  </Button>
                }
              />
            )
          ) : (
            <>
              <Group justify="space-between" mih={32} mb={4}>
                <Text size="sm" c="dimmed" aria-live="polite">
                  {exactly(found.total)} {found.total === 1 ? 'product' : 'products'}
                </Text>
                {marked.length > 0 && (
                  <Button size="xs" color="shu" variant="light" leftSection={<Icon name="trash" size={15} />} onClick={dialog.open}>
                    Delete {exactly(marked.length)} marked
                  </Button>
                )}
              </Group>
              <div className="table-scroll" tabIndex={0} role="region" aria-label="Products">
                <Table highlightOnHover miw={680} style={{ opacity: query.isPlaceholderData ? 0.6 : 1 }}>
                  <Table.Thead>
                    <Table.Tr>
                      {canDelete && (
                        <Table.Th w={36}>
                          <Checkbox
                            size="xs"
                            aria-label="Mark all of this page"
                            checked={all.length > 0 && marked.length === all.length}
                            indeterminate={marked.length > 0 && marked.length < all.length}
                            onChange={(event) => setMarked(event.currentTarget.checked ? all : [])}
                          />
                        </Table.Th>
                      )}
                      <SortHead sorted={order === 'title' ? 'ascending' : order === 'title_down' ? 'descending' : undefined} press={() => set({ order: order === 'title' ? 'title_down' : 'title' })}>
                        Product
                      </SortHead>
                      <Table.Th>Brand</Table.Th>
                      <Table.Th>Category</Table.Th>
                      <SortHead right sorted={order === 'cheap' ? 'ascending' : order === 'dear' ? 'descending' : undefined} press={() => set({ order: order === 'cheap' ? 'dear' : 'cheap' })}>
                        Price
                      </SortHead>
                      <Table.Th>Stock</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {found.products.map((product) => (
                      <Table.Tr key={product.product_id}>
                        {canDelete && (
                          <Table.Td>
                            <input
                              type="checkbox"
                              className="tick"
                              aria-label={`Mark ${titleOf(product)}`}
                              checked={marked.includes(product.product_id)}
                              onChange={(event) =>
                                setMarked(event.currentTarget.checked ? [...marked, product.product_id] : marked.filter((id) => id !== product.product_id))
                              }
                            />
                          </Table.Td>
                        )}
                        <Table.Td>
                          <div className="cell-pair">
                            <Picture src={product.cover_image} className="small-picture" iconSize={16} />
                            <div style={{ minWidth: 0 }}>
                              <Link className="row-link" to="/$environment/data/products/$id" params={{ environment, id: product.product_id }}>
                                {titleOf(product)}
                              </Link>
                              <div className="note mono">{product.product_id}</div>
                            </div>
                          </div>
                        </Table.Td>
                        <Table.Td>{product.brand ?? '–'}</Table.Td>
                        <Table.Td>
                          <span className="one-line">{product.categories?.[0]?.join(' › ') ?? '–'}</span>
                        </Table.Td>
                        <Table.Td ta="right">{priceOf(product) === undefined ? '–' : price(priceOf(product) ?? 0)}</Table.Td>
                        <Table.Td>
                          {product.availability === undefined ? '–' : (
                            <Badge size="sm" variant="light" color={product.availability === 'OUT_OF_STOCK' ? 'gray' : 'take'}>
                              {stockWord(product.availability)}
                            </Badge>
                          )}
                        </Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </div>
              <Pages total={found.total} page={page} onPage={(next) => { setMarked([]); void navigate({ search: (before) => ({ ...before, page: next === 1 ? undefined : next }) }) }} />
            </>
          )
        }
      </Loaded>
      )}
      <DeleteRecords
        opened={deleting}
        close={dialog.close}
        set="products"
        ids={marked}
        done={() => {
          setMarked([])
          void query.refetch()
        }}
      />
    </Paper>
  )
}

/** One value of a field, or all. The browser's own list: there at once, and as a phone's user knows it. */
function Narrow({ label, value, values, word = (one) => one, onChange }: { label: string; value: string | undefined; values: string[]; word?: (value: string) => string; onChange: (value: string | undefined) => void }) {
  const offered = value === undefined || values.includes(value) ? values : [...values, value]
  return <NativeSelect label={label} value={value ?? ''} onChange={({ currentTarget }) => onChange(currentTarget.value === '' ? undefined : currentTarget.value)} data={[{ value: '', label: 'All' }, ...offered.map((one) => ({ value: one, label: word(one) }))]} />
}

const stockWords: Record<string, string> = { IN_STOCK: 'In stock', OUT_OF_STOCK: 'Out of stock', PRE_ORDER: 'Pre-order' }
export const stockWord = (availability: string) => stockWords[availability] ?? availability

/** The way through a long list. */
export function Pages({ total, page, onPage, size = productRows }: { total: number; page: number; onPage: (page: number) => void; size?: number }) {
  if (total <= size) return null
  return (
    <Group justify="center" mt="md">
      <Pagination
        size="sm"
        value={page}
        onChange={onPage}
        total={Math.ceil(total / size)}
        getControlProps={(control) => ({ 'aria-label': { first: 'First page', previous: 'Page before', next: 'Next page', last: 'Last page' }[control] })}
        getItemProps={(item) => ({ 'aria-label': `Page ${item}` })}
      />
    </Group>
  )
}
