/** What an interaction does, in words: for whoever wonders whether an integration works. */

import type { Arrival, Card } from '../api/types'

type Interaction = Arrival['interaction']

const against = new Set(['dislike', 'refund', 'remove_from_cart', 'remove_from_collection', 'unsubscribe'])
const conversions = new Set(['add_to_cart', 'checkout', 'subscribe', 'submit', 'complete'])
const shownOnly = new Set(['impression', 'viewable_impression'])

/** Where it came from, as far as it says: the page, or the answer that it quotes. */
export function sourceOf(one: Interaction): string | undefined {
  const context = one.context as { page?: { url?: unknown }; custom_context?: unknown } | undefined
  const address = context?.page?.url
  if (typeof address === 'string') {
    try {
      const { host, pathname } = new URL(address)
      return `${host}${pathname}`
    } catch {
      return address
    }
  }
  return typeof one.miso_id === 'string' ? 'from an answer' : undefined
}

/** The effects, most important first; at least one. `product` is the first of those named. */
export function effects(one: Interaction, product: Card | undefined): string[] {
  const found: string[] = []
  const products = one.product_ids ?? []
  const rating = typeof one.rating === 'number' ? one.rating : undefined
  const duration = typeof one.duration === 'number' ? one.duration : undefined
  if (products.length > 0 && product?.known === false) found.push('The product is not in the catalogue: it is kept, and counts as soon as the product comes.')
  else if (products.length > 0) {
    if (shownOnly.has(one.type)) found.push('It was shown: without an interaction later, that speaks weakly against it.')
    else if (against.has(one.type) || (rating !== undefined && rating <= 2) || one.type === 'dislike') found.push('It speaks against the product for this person.')
    else if (duration !== undefined && duration < 5) found.push('It was under five seconds: it says nothing for the product.')
    else if (rating !== undefined && rating < 3.5) found.push('A rating between: it says little for or against the product.')
    else found.push(conversions.has(one.type) || rating !== undefined ? 'It speaks strongly for the product: recommendations for this person follow from now on.' : 'It speaks for the product: recommendations for this person follow from now on.')
    if (!shownOnly.has(one.type)) found.push('The product is left out of this person’s recommendations for the next fifty products.')
  }
  if (one.type === 'search') found.push('The words count for completions and for what this person is interested in.')
  if (one.user_id !== undefined && one.anonymous_id !== undefined) found.push('It links the two ids: what the anonymous visitor did belongs to the user.')
  if (typeof one.miso_id === 'string') found.push('It quotes an answer: it counts for what that answer led to.')
  if (found.length === 0) found.push('It is part of this person’s history.')
  return found
}
