/** A record as a form shows it, and back; and the server's refusals by field. */

export type Record_ = Record<string, unknown>

export interface FormField {
  name: string
  label: string
  shape: 'text' | 'long' | 'number' | 'list' | 'paths' | 'availability'
}

export const formFields: Record<'products' | 'users', FormField[]> = {
  products: [
    { name: 'title', label: 'Title', shape: 'text' },
    { name: 'brand', label: 'Brand', shape: 'text' },
    { name: 'sale_price', label: 'Price', shape: 'number' },
    { name: 'original_price', label: 'Price before', shape: 'number' },
    { name: 'availability', label: 'Availability', shape: 'availability' },
    { name: 'type', label: 'Type', shape: 'text' },
    { name: 'categories', label: 'Categories, a path a line: Women > Shoes', shape: 'paths' },
    { name: 'tags', label: 'Tags, one a line', shape: 'list' },
    { name: 'cover_image', label: 'Picture (address)', shape: 'text' },
    { name: 'url', label: 'Page in the shop (address)', shape: 'text' },
    { name: 'description', label: 'Description', shape: 'long' },
  ],
  users: [
    { name: 'name', label: 'Name', shape: 'text' },
    { name: 'age', label: 'Age', shape: 'number' },
    { name: 'gender', label: 'Gender', shape: 'text' },
    { name: 'city', label: 'City', shape: 'text' },
    { name: 'state', label: 'State', shape: 'text' },
    { name: 'country', label: 'Country', shape: 'text' },
    { name: 'group_id', label: 'Group', shape: 'text' },
    { name: 'description', label: 'Description', shape: 'long' },
  ],
}

/** The text of a field in its control. */
export function textOf(value: unknown, shape: FormField['shape']): string {
  if (value === undefined || value === null) return ''
  if (shape === 'list' && Array.isArray(value)) return value.join('\n')
  if (shape === 'paths' && Array.isArray(value)) return value.map((path) => (Array.isArray(path) ? path.join(' > ') : String(path))).join('\n')
  return String(value)
}

/** The record after a control was changed; an emptied field goes. */
export function withText(record: Record_, { name, shape }: FormField, text: string): Record_ {
  const { [name]: _, ...others } = record
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line !== '')
  const value = shape === 'number' ? (text.trim() === '' ? undefined : Number.isFinite(Number(text)) ? Number(text) : text) : shape === 'list' ? lines : shape === 'paths' ? lines.map((line) => line.split('>').map((part) => part.trim()).filter((part) => part !== '')) : text
  const empty = value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  // Spread over, a field that is there keeps its place: the JSON does not jump around while one types.
  return empty ? others : { ...record, [name]: value }
}

/** The reasons by the field they are about, out of lines `data.0.<field>[.…] is invalid. <why>`; `''` for the whole record. */
export function errorsOf(lines: string[]): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const line of lines) {
    const found = /^data\.0\.?([\w]*)\S* is invalid\. ?(.*)$/s.exec(line)
    const [field, why] = found === null ? ['', line] : [found[1] ?? '', found[2] ?? '']
    errors[field] = errors[field] === undefined ? why : `${errors[field]} ${why}`
  }
  return errors
}
