// Properties: CSV is read as written, wherever it is cut; columns go to the likeliest field and each field is filled once; texts
// become what the API wants, and what cannot become it is named; refusals are told apart by record.

import { describe, expect, it } from 'vitest'
import { categoriesOf, convert, listOf, numberOf, timeOf } from './convert'
import { CsvReader, guessDelimiter } from './csv'
import { guessMapping, guessSet } from './fields'
import { rowsOf } from './read'
import { refusals } from './send'

const text = 'id,title,note\r\n1,"Chair, red","She said ""sit"""\r\n2,"two\nlines",\r\n\r\n3,last,end'
const rows = [
  ['id', 'title', 'note'],
  ['1', 'Chair, red', 'She said "sit"'],
  ['2', 'two\nlines', ''],
  ['3', 'last', 'end'],
]

describe('CSV', () => {
  it('is read the same wherever the file is cut into pieces', () => {
    for (let cut = 0; cut <= text.length; cut += 1) {
      const reader = new CsvReader(',')
      expect([...reader.push(text.slice(0, cut)), ...reader.push(text.slice(cut)), ...reader.end()]).toEqual(rows)
    }
  })

  it('keeps empty fields at both ends of a row', () => {
    const reader = new CsvReader(';')
    expect([...reader.push(';;x;\n'), ...reader.end()]).toEqual([['', '', 'x', '']])
  })

  it('is told from TSV and from semicolons by its first line', () => {
    expect(['a,b;c,d', 'a\tb', 'a;b;c'].map(guessDelimiter)).toEqual([',', '\t', ';'])
  })
})

describe('a file', () => {
  const all = async (name: string, contents: BlobPart[]) => {
    const found = []
    for await (const row of rowsOf(new File(contents, name))) found.push(row)
    return found
  }

  it('gives the same rows as CSV, JSON and JSON Lines, also gzipped', async () => {
    const records = [{ id: '1' }, { id: '2' }]
    const lines = records.map((record) => JSON.stringify(record)).join('\n')
    const packed = await new Response(new Blob([lines]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer()
    for (const [name, contents] of [
      ['a.csv', '\uFEFFid\n1\n2\n'],
      ['a.json', JSON.stringify(records)],
      ['b.json', JSON.stringify({ data: records })],
      ['a.jsonl', lines],
      ['a.ndjson.gz', packed],
    ] as const) {
      expect((await all(name, [contents])).map((row) => row.fields), name).toEqual(records)
    }
  })

  it('that cannot be read says why', async () => {
    await expect(all('a.pdf', ['x'])).rejects.toThrow('CSV')
    await expect(all('a.csv', [])).rejects.toThrow('empty')
    await expect(all('a.json', ['{'])).rejects.toThrow('not JSON')
    await expect(all('a.jsonl', ['{"a":1}\nnonsense\n'])).rejects.toThrow('Line 2')
    await expect(all('a.csv.gz', ['not gzip'])).rejects.toThrow('unpacked')
  })
})

describe('columns', () => {
  it('go to the likeliest field, each field once, the rest becomes attributes', () => {
    expect(guessMapping('products', ['SKU', 'Name', 'Price', 'Category', 'Image URL', 'Made in', 'ID'])).toEqual({
      SKU: 'custom_attributes.sku',
      ID: 'product_id',
      Name: 'title',
      Price: 'sale_price',
      Category: 'categories',
      'Image URL': 'cover_image',
      'Made in': 'custom_attributes.made_in',
    })
  })

  it('of ratings are understood', () => {
    expect(guessMapping('interactions', ['userId', 'movieId', 'rating', 'timestamp'])).toEqual({ userId: 'user_id', movieId: 'product_ids', rating: 'rating', timestamp: 'timestamp' })
    expect(guessSet('ratings.csv', [])).toBe('interactions')
    expect(guessSet('x.csv', ['customer_id', 'item_id', 'when'])).toBe('interactions')
    expect(guessSet('x.csv', ['sku', 'title', 'price'])).toBe('products')
  })
})

describe('texts', () => {
  it('become numbers in either notation', () => {
    expect(['12.5', '1,234.50', '1.234,50', '€ 12,90', '1,234', 'free', ''].map(numberOf)).toEqual([12.5, 1234.5, 1234.5, 12.9, 1234, undefined, undefined])
  })

  it('become times: seconds, milliseconds, dates in UTC', () => {
    expect(['964982703', '964982703000', '2024-02-29', '2024-02-29 12:30', 'soon'].map(timeOf)).toEqual([
      '2000-07-30T18:45:03.000Z',
      '2000-07-30T18:45:03.000Z',
      '2024-02-29T00:00:00.000Z',
      '2024-02-29T12:30:00.000Z',
      undefined,
    ])
  })

  it('become lists and ways through categories', () => {
    expect(listOf('a, b,,c')).toEqual(['a', 'b', 'c'])
    expect(listOf('Red|Blue, light')).toEqual(['Red', 'Blue, light'])
    expect(categoriesOf('Shoes > Running | Sale')).toEqual([['Shoes', 'Running'], ['Sale']])
    expect(categoriesOf('Adventure|Comedy')).toEqual([['Adventure'], ['Comedy']])
  })

  it('become a whole record, or a reason', () => {
    const plan = { set: 'products', mapping: { sku: 'product_id', price: 'sale_price', weight: 'custom_attributes.weight' }, interactionType: '' } as const
    expect(convert({ number: 1, fields: { sku: '0012', price: '9,90', weight: '1.5' } }, plan)).toEqual({ product_id: '0012', sale_price: 9.9, custom_attributes: { weight: 1.5 } })
    expect(() => convert({ number: 1, fields: { sku: ' ', price: '1' } }, plan)).toThrow('product_id is empty')
    expect(() => convert({ number: 1, fields: { sku: 'a', price: 'free' } }, plan)).toThrow('price is not a number')
  })

  it('of interactions get a type, ours or the one chosen', () => {
    const mapping = { item: 'product_ids', event: 'type', n: 'quantities' }
    const one = (fields: Record<string, string>) => convert({ number: 1, fields }, { set: 'interactions', mapping, interactionType: 'rate' })
    expect(one({ item: 'a', event: 'Purchase', n: '2' })).toEqual({ product_ids: ['a'], type: 'checkout', quantities: [2] })
    expect(one({ item: 'a' })).toEqual({ product_ids: ['a'], type: 'rate' })
  })
})

describe('refusals', () => {
  it('are told apart by record', () => {
    const lines = ["data.0.product_ids is invalid. The attribute was expected to be of type ''array''.", "data.0.timestamp is invalid. Not a 'date-time'.", 'data.12 is invalid. Too large.', 'and 3 more']
    const found = refusals(lines)
    expect([...found.keys()]).toEqual([0, 12])
    expect(found.get(0)).toContain('; timestamp')
    expect(found.get(12)).toBe('Too large.')
  })
})
