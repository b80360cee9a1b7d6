import { Text } from '@mantine/core'
import type { Product } from '../../api/types'
import { why } from './Rules'

/** The reason under a card, where it was asked for. */
export function Why({ product }: { product: Product }) {
  const text = why(product)
  return text === undefined ? null : (
    <Text size="xs" component="span" mt={4}>
      {text}
    </Text>
  )
}
