// Properties: a form shows a record and gives it back unchanged; an emptied field goes; refusals are told by field.

import { describe, expect, it } from 'vitest'
import { errorsOf, formFields, textOf, withText } from './record'

describe('a form', () => {
  it('gives back the record that it shows', () => {
    const record = { product_id: 'p', title: 'A "mug"', sale_price: 9.5, categories: [['Home', 'Mugs'], ['Gifts']], tags: ['a', 'b'], custom_attributes: { x: 1 } }
    const again = formFields.products.reduce((so, field) => (field.name in so ? withText(so, field, textOf((so as Record<string, unknown>)[field.name], field.shape)) : so), record as Record<string, unknown>)
    expect(again).toEqual(record)
    expect(Object.keys(again)).toEqual(Object.keys(record))
  })

  it('takes an emptied field away, and leaves a number that is none for the server to refuse', () => {
    const price = formFields.products.find((field) => field.name === 'sale_price')!
    expect(withText({ product_id: 'p', sale_price: 1 }, price, '')).toEqual({ product_id: 'p' })
    expect(withText({ product_id: 'p' }, price, 'free')).toEqual({ product_id: 'p', sale_price: 'free' })
  })
})

describe('refusals', () => {
  it('are told by field', () => {
    expect(errorsOf(['data.0.title is invalid. A text.', 'data.0.custom_attributes.x is invalid. One type.', 'something else'])).toEqual({
      title: 'A text.',
      custom_attributes: 'One type.',
      '': 'something else',
    })
  })
})
