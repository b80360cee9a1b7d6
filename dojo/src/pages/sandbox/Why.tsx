import { Text } from '@mantine/core'
import type { Product } from '../../api/types'
import { share } from '../../format'
import { why } from './Rules'

interface Explanation {
  sources?: { source: string; share: number; text: string }[]
  because?: { product_id: string; title?: string | null; share: number }[]
  note?: string
}

/** The reason under a card, where it was asked for: where the score comes from, and which products speak for this one. */
export function Why({ product }: { product: Product }) {
  const text = why(product)
  const told = product._explanation as Explanation | undefined
  if (text === undefined && told === undefined) return null
  const [first] = told?.sources ?? []
  const because = (told?.because ?? []).map((one) => one.title || one.product_id)
  return (
    <>
      {first !== undefined && (
        <Text size="xs" component="span" mt={4}>
          {share(first.share)} {first.text}
        </Text>
      )}
      {because.length > 0 && (
        <Text size="xs" component="span" c="dimmed" lineClamp={2}>
          because of {because.join(', ')}
        </Text>
      )}
      {text !== undefined && (
        <Text size="xs" component="span" c="dimmed">
          {text}
        </Text>
      )}
      {told?.note !== undefined && (
        <Text size="xs" component="span" c="dimmed">
          {told.note}
        </Text>
      )}
    </>
  )
}
