import { Autocomplete, Button, Group, Pagination, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { v1 } from '../../api/client'
import { useSearchSetup } from '../../api/setup'
import type { SearchAnswer } from '../../api/types'
import { duration, exactly } from '../../format'
import { asFacetFilters, type Chosen, FacetChoices } from '../../parts/Facets'
import { Icon } from '../../parts/Icon'
import { ProductCards } from '../../parts/Products'
import { Empty, Failed } from '../../parts/States'
import { useEnvironment } from '../../shell/environment'
import { RequestPanel } from './RequestPanel'
import type { Press } from './visitor'
import { Why } from './Why'

const rows = 12

interface Completions {
  completions: Record<string, { text: string }[]>
}

/** Search with completion while typing, facets, and the answer's pages. */
export function SearchQuestion({ person, parameters, turn, press }: { person: object; parameters: object; turn: number; press: Press }) {
  const environment = useEnvironment()
  const { q = '' } = useSearch({ from: '/$environment/sandbox' })
  const navigate = useNavigate({ from: '/$environment/sandbox' })
  const [typed, setTyped] = useState(q)
  const [soon] = useDebouncedValue(typed, 90)
  const [chosen, setChosen] = useState<Chosen>({})
  const [page, setPage] = useState(1)

  const completions = useQuery({
    queryKey: [environment, 'autocomplete', soon, turn],
    queryFn: ({ signal }) => v1<Completions>(environment, 'search/autocomplete', { body: { q: soon, ...person, rows: 6 }, signal }),
    enabled: soon.trim() !== '',
    placeholderData: (before) => before,
  })
  const setup = useSearchSetup()
  const body = {
    q: q === '' ? '*' : q,
    ...person,
    ...parameters,
    rows,
    start: (page - 1) * rows,
    fl: ['*'],
    facets: setup.data?.facets ?? [],
    ...asFacetFilters(chosen),
    spellcheck: { enable_auto_spelling_correction: true },
  }
  const query = useQuery({
    queryKey: [environment, 'search', body, turn],
    queryFn: ({ signal }) => v1<SearchAnswer>(environment, 'search/search', { body, signal }),
    enabled: !setup.isPending,
    placeholderData: (before, query) => (query?.queryKey[0] === environment ? before : undefined),
  })
  const go = (text: string) => {
    setPage(1)
    setChosen({})
    void navigate({ search: (before) => ({ ...before, q: text === '' ? undefined : text }) })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    go(typed)
  }
  const found = query.data
  const suggestions = [...new Set(Object.values(completions.data?.completions ?? {}).flatMap((list) => list.map((one) => one.text)))].slice(0, 8)
  return (
    <>
      <form onSubmit={submit} role="search">
        <Group gap="xs" mb="md" align="flex-end">
          <Autocomplete
            style={{ flex: 1 }}
            label="Search for"
            placeholder="Whatever your visitors type"
            value={typed}
            onChange={setTyped}
            onOptionSubmit={(text) => {
              setTyped(text)
              go(text)
            }}
            data={suggestions}
            filter={({ options }) => options}
            leftSection={<Icon name="search" size={16} />}
          />
          <Button type="submit">Search</Button>
        </Group>
      </form>
      {query.isError && <Failed error={query.error} retry={() => void query.refetch()} />}
      {found?.spellcheck?.spelling_errors && (
        <Text size="sm" mb="sm">
          Shown for <strong>{found.spellcheck.corrected_query}</strong>.
        </Text>
      )}
      {found !== undefined && (
        <Group align="flex-start" gap="lg" wrap="wrap">
          <FacetChoices
            counts={found.facet_counts?.facet_fields}
            chosen={chosen}
            onChange={(next) => {
              setPage(1)
              setChosen(next)
            }}
          />
          <div style={{ flex: '999 1 320px', minWidth: 0 }}>
            <Text size="sm" c="dimmed" mb="sm" aria-live="polite">
              {exactly(found.total)} products in {duration(found.took)}
            </Text>
            {found.products.length === 0 ? (
              <Empty icon="search" title="Nothing matches">
                Try fewer words, or take a filter away.
              </Empty>
            ) : (
              <ProductCards label="Products found" busy={query.isFetching} products={found.products} press={(product) => press(product, found.miso_id)} note={(product) => <Why product={product} old={query.isPlaceholderData} />} />
            )}
            {found.total > rows && (
              <Pagination
                mt="md"
                size="sm"
                value={page}
                onChange={setPage}
                total={Math.min(200, Math.ceil(found.total / rows))}
                getControlProps={(control) => ({ 'aria-label': { first: 'First page', previous: 'Page before', next: 'Next page', last: 'Last page' }[control] })}
                getItemProps={(item) => ({ 'aria-label': `Page ${item}` })}
              />
            )}
          </div>
        </Group>
      )}
      <RequestPanel request={{ path: 'search/search', body }} answer={found} />
    </>
  )
}
