import { CsvReader, guessDelimiter } from './csv'

/** A row of a file: its place for people (from 1, the header not counted), and its fields. */
export interface Row {
  number: number
  fields: Record<string, unknown>
}

export type Format = 'csv' | 'json' | 'jsonl'

/** A file that is not what it seems. */
export class FileError extends Error {}

/** JSON as a whole is held in memory; larger files are better as JSON Lines. */
const jsonBytesMax = 256 * 1024 * 1024
/** A line longer than this is no record. */
const lineCharactersMax = 8 * 1024 * 1024

export function formatOf(name: string): { format: Format; gzipped: boolean } | undefined {
  const gzipped = /\.gz$/i.test(name)
  const extension = name.replace(/\.gz$/i, '').split('.').pop()?.toLowerCase()
  const format = ({ csv: 'csv', tsv: 'csv', txt: 'csv', json: 'json', jsonl: 'jsonl', ndjson: 'jsonl' } as const)[extension as 'csv']
  return format === undefined ? undefined : { format, gzipped }
}

/** The text of a file in pieces; `onBytes` hears how many bytes of the file were read. */
async function* textOf(file: File, gzipped: boolean, onBytes: (bytes: number) => void): AsyncGenerator<string> {
  let read = 0
  const counting = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(piece, out) {
      read += piece.byteLength
      onBytes(read)
      out.enqueue(piece)
    },
  })
  let bytes: ReadableStream<Uint8Array<ArrayBuffer>> = file.stream().pipeThrough(counting)
  if (gzipped) bytes = bytes.pipeThrough(new DecompressionStream('gzip'))
  const reader = bytes.pipeThrough(new TextDecoderStream()).getReader()
  try {
    for (let first = true; ; first = false) {
      const { done, value } = await reader.read()
      if (done) return
      yield first ? value.replace(/^\uFEFF/, '') : value
    }
  } catch (error) {
    throw new FileError(gzipped ? 'The file cannot be unpacked: is it really gzip, and whole?' : `The file cannot be read: ${String(error)}`)
  } finally {
    reader.cancel().catch(() => undefined)
  }
}

/** The rows of a file in order, without holding the file. */
export async function* rowsOf(file: File, onBytes: (bytes: number) => void = () => undefined): AsyncGenerator<Row> {
  const kind = formatOf(file.name)
  if (kind === undefined) throw new FileError('Only CSV, TSV, JSON and JSON Lines files are read here, each also as .gz.')
  const text = textOf(file, kind.gzipped, onBytes)
  if (kind.format === 'csv') yield* csvRows(text)
  else if (kind.format === 'jsonl') yield* lineRows(text)
  else yield* jsonRows(text)
}

async function* csvRows(text: AsyncGenerator<string>): AsyncGenerator<Row> {
  let reader: CsvReader | undefined
  let header: string[] | undefined
  let number = 0
  const named = (values: string[]): Row => ({
    number: (number += 1),
    fields: Object.fromEntries((header ?? []).map((name, column) => [name, values[column] ?? ''])),
  })
  const take = function* (rows: string[][]) {
    for (const values of rows) {
      if (header === undefined) header = namesOf(values)
      else yield named(values)
    }
  }
  for await (const piece of text) {
    reader ??= new CsvReader(guessDelimiter(piece))
    yield* take(reader.push(piece))
  }
  if (reader !== undefined) yield* take(reader.end())
  if (header === undefined) throw new FileError('The file is empty.')
}

/** Names of columns: none is empty, none comes twice. */
function namesOf(values: string[]): string[] {
  const seen = new Set<string>()
  return values.map((value, column) => {
    const base = value.trim() === '' ? `column ${column + 1}` : value.trim()
    let name = base
    for (let copy = 2; seen.has(name); copy += 1) name = `${base} ${copy}`
    seen.add(name)
    return name
  })
}

async function* lineRows(text: AsyncGenerator<string>): AsyncGenerator<Row> {
  let rest = ''
  let number = 0
  const parse = (line: string): Row | undefined => {
    if (line.trim() === '') return undefined
    number += 1
    try {
      return { number, fields: asObject(JSON.parse(line)) }
    } catch {
      throw new FileError(`Line ${number} is not a JSON object: ${line.slice(0, 80)}`)
    }
  }
  for await (const piece of text) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > lineCharactersMax) throw new FileError(`Line ${number + 1} is longer than any record may be.`)
    for (const line of lines) {
      const row = parse(line)
      if (row !== undefined) yield row
    }
  }
  const row = parse(rest)
  if (row !== undefined) yield row
}

async function* jsonRows(text: AsyncGenerator<string>): AsyncGenerator<Row> {
  let whole = ''
  for await (const piece of text) {
    whole += piece
    if (whole.length > jsonBytesMax) throw new FileError('This JSON file is too large to be read at once; save it as JSON Lines.')
  }
  let value: unknown
  try {
    value = JSON.parse(whole)
  } catch (error) {
    throw new FileError(`The file is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  const list = Array.isArray(value) ? value : ((value as { data?: unknown } | null)?.data ?? value)
  const records = Array.isArray(list) ? list : [list]
  for (const [place, record] of records.entries()) yield { number: place + 1, fields: asObject(record) }
}

function asObject(value: unknown): Record<string, unknown> {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new FileError('Each record must be a JSON object.')
  return value as Record<string, unknown>
}
