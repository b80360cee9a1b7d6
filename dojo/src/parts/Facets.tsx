import { Checkbox, Stack, Text } from '@mantine/core'
import { exactly } from '../format'

const names: Record<string, string> = {
  product_id: 'Product id',
  identifiers: 'Ids and article numbers',
  categories: 'Categories',
  authors: 'Authors and publishers',
  tags: 'Tags and collections',
  html: 'Page text',
  paragraphs: 'Paragraphs',
  headers: 'Headings',
  anchors: 'Texts of links',
  short_description: 'Short description',
  color: 'Colour',
  type: 'Kind of product',
}

/** A field's name as people read it: `custom_attributes.made_in` is “Made in”. */
export function fieldLabel(name: string): string {
  const plain = name.replace(/^custom_attributes\./, '').replaceAll('_', ' ').trim()
  return names[name] ?? plain.charAt(0).toUpperCase() + plain.slice(1)
}

/** A facet's name: what is counted has one field only. */
export const facetLabel = (name: string) => (name === 'tags' ? 'Tags' : name === 'authors' ? 'Authors' : fieldLabel(name))

export type Chosen = Record<string, string[]>

/** The facets chosen, as a search takes them; nothing where none is. */
export function asFacetFilters(chosen: Chosen): { facet_filters?: Record<string, { terms: string[] }> } {
  const terms = Object.entries(chosen).filter(([, values]) => values.length > 0)
  return terms.length === 0 ? {} : { facet_filters: Object.fromEntries(terms.map(([field, values]) => [field, { terms: values }])) }
}

interface Props {
  counts: Record<string, [string, number][]> | undefined
  chosen: Chosen
  onChange: (chosen: Chosen) => void
}

/** The values of each facet with their counts, to be chosen. A facet without values is not shown; what is chosen always is. */
export function FacetChoices({ counts = {}, chosen, onChange }: Props) {
  return (
    <Stack gap="md" style={{ flex: '1 1 160px', maxWidth: 200 }}>
      {Object.entries(counts).map(([field, found]) => {
        const picked = chosen[field] ?? []
        const missing = picked.filter((value) => !found.some(([one]) => one === value)).map((value): [string, number] => [value, 0])
        const values = [...found.slice(0, 6), ...found.slice(6).filter(([value]) => picked.includes(value)), ...missing]
        if (values.length === 0) return null
        return (
          <Checkbox.Group key={field} label={facetLabel(field)} value={picked} onChange={(next) => onChange({ ...chosen, [field]: next })}>
            <Stack gap={9} mt={8}>
              {values.map(([value, count]) => (
                <Checkbox
                  key={value}
                  value={value}
                  size="xs"
                  label={
                    <>
                      {value}{' '}
                      <Text span c="dimmed" inherit>
                        {exactly(count)}
                      </Text>
                    </>
                  }
                />
              ))}
            </Stack>
          </Checkbox.Group>
        )
      })}
    </Stack>
  )
}
