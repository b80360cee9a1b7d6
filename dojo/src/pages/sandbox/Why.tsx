import { Text } from '@mantine/core'
import type { Product } from '../../api/types'
import { share } from '../../format'

interface Explanation {
  sources?: { source: string; share: number; text: string }[]
  because?: { product_id: string; title?: string | null; share: number }[]
  note?: string
}

/**
 * The reason under a card, where it was asked for: where the score comes from, and which products speak for this one. `old` is the
 * reason of an answer that a new one is about to replace: its place is kept, its words are not shown.
 */
export function Why({ product, old = false }: { product: Product; old?: boolean }) {
  const told = product._explanation as Explanation | undefined
  if (told === undefined) return null
  const [first] = told.sources ?? []
  const because = (told.because ?? []).map((one) => one.title || one.product_id)
  return (
    <span className="why" style={old ? { visibility: 'hidden' } : undefined}>
      {first !== undefined && (
        <Text size="xs" component="span" mt={4}>
          {first.text} <span className="why-share">{share(first.share)}</span>
        </Text>
      )}
      {because.length > 0 && (
        <Text size="xs" component="span" c="dimmed" lineClamp={2}>
          because of {because.join(', ')}
        </Text>
      )}
      {told.note !== undefined && (
        <Text size="xs" component="span" c="dimmed">
          {told.note}
        </Text>
      )}
    </span>
  )
}
