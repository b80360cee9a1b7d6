/** Reads CSV as RFC 4180 has it, piece by piece: quotes, doubled quotes, line ends inside of quotes, CRLF. */
export class CsvReader {
  private row: string[] = []
  private field = ''
  private quoted = false
  /** The last character was a quote inside of a quoted field: its end, or the first of two. */
  private quotePending = false
  private started = false

  constructor(private readonly delimiter: string) {}

  /** The rows that are complete with this piece. */
  push(text: string): string[][] {
    const rows: string[][] = []
    for (const character of text) {
      if (this.quotePending) {
        this.quotePending = false
        if (character === '"') {
          this.field += '"'
          continue
        }
        this.quoted = false
      }
      if (this.quoted) {
        if (character === '"') this.quotePending = true
        else this.field += character
      } else if (character === '"' && this.field === '') {
        this.quoted = true
        this.started = true
      } else if (character === this.delimiter) {
        this.row.push(this.field)
        this.field = ''
        this.started = true
      } else if (character === '\n') {
        this.endRow(rows)
      } else {
        this.field += character
        this.started = true
      }
    }
    return rows
  }

  /** The last row, where the file ends without a line end. */
  end(): string[][] {
    const rows: string[][] = []
    this.quoted = false
    this.quotePending = false
    this.endRow(rows)
    return rows
  }

  private endRow(rows: string[][]) {
    if (this.started || this.field !== '') {
      const last = this.field.endsWith('\r') ? this.field.slice(0, -1) : this.field
      // A line with nothing but its end is no row.
      if (this.row.length > 0 || last !== '') rows.push([...this.row, last])
    }
    this.row = []
    this.field = ''
    this.started = false
  }
}

/** The character between columns: the one that is most often in the first line. */
export function guessDelimiter(head: string): string {
  const line = head.split(/\r?\n/, 1)[0] ?? ''
  const counted = [',', ';', '\t', '|'].map((character) => [character, line.split(character).length] as const)
  return counted.reduce((best, one) => (one[1] > best[1] ? one : best))[0]
}
