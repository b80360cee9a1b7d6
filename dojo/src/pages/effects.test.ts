// Properties: what an interaction does follows the meaning of signals in the API: short looks, low ratings and returns speak against
// a product, unknown products wait, two ids are linked.

import { describe, expect, it } from 'vitest'
import { effects, sourceOf } from './effects'

const card = { product_id: 'p', known: true }
const first = (one: Record<string, unknown>, product = card) => effects({ type: 'click', product_ids: ['p'], ...one } as never, product)[0]

describe('the effects of an interaction', () => {
  it('follow the meaning of signals', () => {
    expect(first({ type: 'checkout' })).toMatch(/strongly for/)
    expect(first({ type: 'product_detail_page_view' })).toMatch(/speaks for/)
    expect(first({ type: 'product_detail_page_view', duration: 3 })).toMatch(/says nothing/)
    expect(first({ type: 'rate', rating: 2 })).toMatch(/against/)
    expect(first({ type: 'refund' })).toMatch(/against/)
    expect(first({ type: 'impression' })).toMatch(/weakly against/)
    expect(first({}, { ...card, known: false })).toMatch(/not in the catalogue/)
    expect(effects({ type: 'click', user_id: 'u', anonymous_id: 'a' }, undefined)[0]).toMatch(/links the two/)
    expect(effects({ type: 'custom' }, undefined)).toHaveLength(1)
  })

  it('come from a page, or from an answer', () => {
    expect(sourceOf({ type: 'click', context: { page: { url: 'https://shop.example/a?b=c' } } } as never)).toBe('shop.example/a')
    expect(sourceOf({ type: 'click', miso_id: 'm' } as never)).toBe('from an answer')
    expect(sourceOf({ type: 'click' } as never)).toBeUndefined()
  })
})
