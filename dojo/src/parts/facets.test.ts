// Properties: fields are named as people read them; what is not chosen filters nothing.

import { describe, expect, it } from 'vitest'
import { asFacetFilters, facetLabel, fieldLabel } from './Facets'

describe('a field', () => {
  it('is named as people read it', () => {
    expect([fieldLabel('custom_attributes.made_in'), fieldLabel('brand'), fieldLabel('html'), facetLabel('tags')]).toEqual(['Made in', 'Brand', 'Page text', 'Tags'])
  })
})

describe('chosen facets', () => {
  it('filter by what is chosen, and not at all where nothing is', () => {
    expect(asFacetFilters({})).toEqual({})
    expect(asFacetFilters({ brand: [] })).toEqual({})
    expect(asFacetFilters({ brand: ['A', 'B'], color: [] })).toEqual({ facet_filters: { brand: { terms: ['A', 'B'] } } })
  })
})
