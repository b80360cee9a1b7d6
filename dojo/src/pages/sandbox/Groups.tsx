import { SegmentedControl, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { v1 } from '../../api/client'
import type { Product } from '../../api/types'
import { duration, exactly } from '../../format'
import { ProductCards } from '../../parts/Products'
import { Empty, Failed } from '../../parts/States'
import { useEnvironment } from '../../shell/environment'
import { RequestPanel } from './RequestPanel'
import type { Press } from './visitor'
import { Why } from './Why'

interface Part {
  category?: string[]
  value?: string
  total: number
  recommended_products: Product[]
}

interface Answer {
  took: number
  miso_id: string
  categories?: Part[]
  attributes?: Part[]
}

/** The categories, brands or tags that the visitor is likeliest to care about, each with its best products. */
export function Groups({ asked, turn, press }: { asked: Record<string, unknown>; turn: number; press: Press }) {
  const environment = useEnvironment()
  const [by, setBy] = useState('category')
  // Variety is between the groups already; these two questions take no such rule.
  const { diversification: _, ...plain } = asked
  const path = by === 'category' ? 'recommendation/user_to_categories' : 'recommendation/user_to_attributes'
  const body = by === 'category' ? { ...plain, rows: 4, products_per_category: 4 } : { ...plain, rows: 4, field: by, products_per_attribute: 4 }
  const query = useQuery({
    queryKey: [environment, path, body, turn],
    queryFn: ({ signal }) => v1<Answer>(environment, path, { body, signal }),
    placeholderData: (before, query) => (query?.queryKey[0] === environment && query.queryKey[1] === path ? before : undefined),
  })
  const parts = query.data?.categories ?? query.data?.attributes ?? []
  return (
    <>
      <SegmentedControl
        size="xs"
        mb="md"
        aria-label="Grouped by"
        value={by}
        onChange={setBy}
        data={[
          { value: 'category', label: 'By category' },
          { value: 'brand', label: 'By brand' },
          { value: 'tags', label: 'By tag' },
        ]}
      />
      {query.isError && <Failed error={query.error} retry={() => void query.refetch()} />}
      {query.data !== undefined && parts.length === 0 && (
        <Empty icon="sandbox" title="Nothing to group">
          No product here has this field, or none passes the filter.
        </Empty>
      )}
      <Stack gap="lg" aria-busy={query.isFetching}>
        {parts.map((part) => {
          const name = part.category?.join(' › ') ?? part.value ?? ''
          return (
            <section key={name} aria-label={name}>
              <Title order={3} mb={6}>
                {name}{' '}
                <Text span c="dimmed" size="sm" fw={400}>
                  {exactly(part.total)} products
                </Text>
              </Title>
              <ProductCards products={part.recommended_products} press={(product) => press(product, query.data?.miso_id)} note={(product) => <Why product={product} old={query.isPlaceholderData} />} />
            </section>
          )
        })}
      </Stack>
      {query.data !== undefined && (
        <Text size="xs" c="dimmed" mt="sm">
          Answered in {duration(query.data.took)}.
        </Text>
      )}
      <RequestPanel request={{ path, body }} answer={query.data} />
    </>
  )
}
