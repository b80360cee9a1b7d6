import { type DataSet, fields, type Mapping, ownPrefix, type Shape } from './fields'
import type { Row } from './read'

/** Why a row is left out. */
export class RowError extends Error {}

export interface Plan {
  set: DataSet
  mapping: Mapping
  /** The type of every interaction where no column says it. */
  interactionType: string
}

const shapeOf = (set: DataSet, name: string): Shape | undefined => fields[set].find((field) => field.name === name)?.shape

/** A record for the API out of a row's columns. What is JSON already with the API's own fields goes as it is. */
export function convert(row: Row, { set, mapping, interactionType }: Plan): Record<string, unknown> {
  const record: Record<string, unknown> = {}
  const own: Record<string, unknown> = {}
  for (const [column, target] of Object.entries(mapping)) {
    const value = row.fields[column]
    if (target === '' || value === undefined || value === null || value === '') continue
    if (target.startsWith(ownPrefix)) own[target.slice(ownPrefix.length)] = typeof value === 'string' ? scalar(value) : value
    else if (typeof value === 'string') setField(record, target, read(shapeOf(set, target) ?? 'text', value, column))
    else record[target] = shaped(shapeOf(set, target), value)
  }
  if (Object.keys(own).length > 0) record.custom_attributes = { ...(record.custom_attributes as object), ...own }
  if (set === 'interactions') record.type ??= interactionType
  if (set === 'interactions' && record.quantities !== undefined && !Array.isArray(record.quantities)) record.quantities = [record.quantities]
  const missing = fields[set].find((field) => field.required && record[field.name] === undefined)
  if (missing !== undefined) throw new RowError(`${missing.name} is empty`)
  return record
}

function setField(record: Record<string, unknown>, name: string, value: unknown) {
  if (value !== undefined) record[name] = value
}

/** A JSON value where the API wants a text or a list of them. */
function shaped(shape: Shape | undefined, value: unknown): unknown {
  if (typeof value === 'number' && shape === 'text') return String(value)
  if (shape === 'list' && !Array.isArray(value)) return [String(value)]
  if (shape === 'time' && typeof value === 'number') return timeOf(String(value))
  return value
}

function read(shape: Shape, text: string, column: string): unknown {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  switch (shape) {
    case 'text':
      return trimmed
    case 'number':
    case 'integer': {
      const number = numberOf(trimmed)
      if (number === undefined) throw new RowError(`${column} is not a number: ${trimmed.slice(0, 40)}`)
      return shape === 'integer' ? Math.round(number) : number
    }
    case 'list':
      return listOf(trimmed)
    case 'categories':
      return categoriesOf(trimmed)
    case 'time': {
      const time = timeOf(trimmed)
      if (time === undefined) throw new RowError(`${column} is not a date or a time: ${trimmed.slice(0, 40)}`)
      return time
    }
    case 'availability':
      return /^(0|false|no|n|out|out of stock|out_of_stock|sold out|unavailable|-\d+)$/i.test(trimmed) ? 'OUT_OF_STOCK' : 'IN_STOCK'
    case 'type':
      return typeOf(trimmed)
  }
}

const typeWords: [RegExp, string][] = [
  [/^(view|pageview|product_?view|detail|product_detail_page_view|view_item|viewed product)$/, 'product_detail_page_view'],
  [/^(cart|add_?to_?cart|addtocart|basket|added to cart)$/, 'add_to_cart'],
  [/^(remove_?from_?cart|removefromcart)$/, 'remove_from_cart'],
  [/^(buy|purchase|order|transaction|checkout|sale|bought)$/, 'checkout'],
  [/^(rating|rate|rated|review)$/, 'rate'],
  [/^(return|refund)$/, 'refund'],
]

/** Others' words for our types; ours stay. */
const typeOf = (text: string) => typeWords.find(([words]) => words.test(text.toLowerCase()))?.[1] ?? text.toLowerCase().replace(/[\s-]+/g, '_')

/** `1,234.50`, `1.234,50`, `€ 12,90`. */
export function numberOf(text: string): number | undefined {
  let digits = text.replace(/[^\d.,\-+eE]/g, '')
  const comma = digits.lastIndexOf(',')
  const point = digits.lastIndexOf('.')
  if (comma > point && (point !== -1 || !/^-?\d{1,3}(,\d{3})+$/.test(digits))) digits = digits.replaceAll('.', '').replace(',', '.')
  digits = digits.replaceAll(',', '')
  const number = Number(digits)
  return digits === '' || !Number.isFinite(number) ? undefined : number
}

const parts = (text: string, separator: RegExp) => text.split(separator).map((one) => one.trim()).filter((one) => one !== '')

export function listOf(text: string): string[] {
  if (text.startsWith('[')) {
    try {
      const value: unknown = JSON.parse(text)
      if (Array.isArray(value)) return value.map(String)
    } catch {
      // It only looks like JSON.
    }
  }
  return parts(text, text.includes('|') ? /\|/ : text.includes(';') ? /;/ : /,/)
}

/** `Shoes > Running` is one way down; several ways are apart by `|` or `;`. */
export function categoriesOf(text: string): string[][] {
  if (text.startsWith('[')) {
    try {
      const value: unknown = JSON.parse(text)
      if (Array.isArray(value)) return value.map((one) => (Array.isArray(one) ? one.map(String) : [String(one)]))
    } catch {
      // It only looks like JSON.
    }
  }
  return parts(text, /[|;]/).map((way) => parts(way, /\s*>\s*|\s+\/\s+/)).filter((way) => way.length > 0)
}

/** A time as the API takes it. Bare numbers are seconds since 1970, or milliseconds where seconds would be far ahead. */
export function timeOf(text: string): string | undefined {
  if (/^\d{9,16}(\.\d+)?$/.test(text)) {
    const number = Number(text)
    return new Date(number < 1e11 ? number * 1000 : number).toISOString()
  }
  // A date alone, or a time without a zone, is meant as UTC, whatever this browser's zone is.
  const plain = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?$/.exec(text)
  const moment = Date.parse(plain === null ? text : `${plain[1]}T${plain[2] ?? '00:00:00'}Z`)
  return Number.isNaN(moment) ? undefined : new Date(moment).toISOString()
}

/** A text as the scalar that it says it is. Codes with leading zeros stay text. */
function scalar(text: string): string | number | boolean {
  const trimmed = text.trim()
  if (/^-?(0|[1-9]\d{0,14})(\.\d+)?$/.test(trimmed)) return Number(trimmed)
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true'
  return trimmed
}
