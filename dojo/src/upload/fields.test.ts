// Properties: a field has words of its own, none of them twice in a data set; what has none is called by its name.

import { describe, expect, it } from 'vitest'
import { attributeName, meaningOf } from './fields'

const products = ['product_id', 'product_group_id', 'type', 'title', 'subtitle', 'description', 'short_description', 'created_at', 'published_at', 'updated_at', 'categories', 'url', 'cover_image', 'original_price', 'sale_price', 'margin', 'brand', 'availability', 'rating', 'html']
const interactions = ['type', 'user_id', 'anonymous_id', 'product_ids', 'product_group_ids', 'timestamp', 'duration', 'quantities', 'revenue', 'rating', 'search', 'search.keywords', 'category', 'value']

describe('the meaning of a column', () => {
  it('is said in words, a different one for each field', () => {
    for (const [set, fields] of [['products', products], ['interactions', interactions]] as const) {
      const words = fields.map((field) => meaningOf(field, set))
      expect(new Set(words).size).toBe(fields.length)
      expect(words.filter((word) => word.includes('_'))).toEqual([])
    }
    expect(meaningOf('type', 'products')).not.toBe(meaningOf('type', 'interactions'))
  })

  it('is its name where it is an attribute of the shop or unknown', () => {
    expect(meaningOf('custom_attributes.made_in', 'products')).toBe('Own attribute “made_in”')
    expect(meaningOf('brand_new_field', 'users')).toBe('brand_new_field')
  })

  it('makes a name of an attribute from any heading', () => {
    expect(attributeName(' Größe (cm) ')).toBe('größe_cm')
    expect(attributeName('€')).toBe('column')
  })
})
