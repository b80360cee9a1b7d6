import { Accordion, Group, NumberInput, Select, SimpleGrid, Switch, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { Badge } from '../../parts/Badge'

/** What a shop may ask for beside the person: filters, boosts, variety, and the reason of each product. */
export interface Rules {
  fq: string
  boost: string
  vary: string
  explain: boolean
  /** Of a search only: 0 for none, 1 as usual, up to 5. */
  weight: number
}

export const noRules: Rules = { fq: '', boost: '', vary: '', explain: false, weight: 1 }

/** The rules as the API takes them. */
export const asParameters = (rules: Rules, isSearch: boolean): Record<string, unknown> => ({
  ...(rules.fq.trim() === '' ? {} : { fq: rules.fq.trim() }),
  ...(rules.boost.trim() === '' ? {} : { boost_fq: rules.boost.trim() }),
  ...(rules.vary === '' ? {} : { diversification: { [rules.vary]: { minimum_distance: 3 } } }),
  ...(rules.explain ? { explain: true } : {}),
  ...(isSearch && rules.weight !== 1 ? { personalization_weight: rules.weight } : {}),
})

export function RulesPanel({ rules, onChange, isSearch }: { rules: Rules; onChange: (rules: Rules) => void; isSearch: boolean }) {
  // The fields are applied when they are left or Enter is pressed: half a filter is no filter.
  const [fq, setFq] = useState(rules.fq)
  const [boost, setBoost] = useState(rules.boost)
  const apply = () => onChange({ ...rules, fq, boost })
  const count = Object.keys(asParameters(rules, isSearch)).length
  return (
    <Accordion variant="default" mb="md" chevronPosition="left">
      <Accordion.Item value="rules" style={{ borderBottom: 0 }}>
        <Accordion.Control px={0}>
          <Group gap="xs">
            <Text size="sm">Filters, boosts and reasons</Text>
            {count > 0 && (
              <Badge size="sm" variant="light">
                {count} set
              </Badge>
            )}
          </Group>
        </Accordion.Control>
        <Accordion.Panel>
          <form
            onSubmit={(event) => {
              event.preventDefault()
              apply()
            }}
          >
            <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
              <TextInput label="Only" description="A filter, such as brand:&quot;Velmarsh&quot; AND sale_price:[* TO 50]" value={fq} onChange={(event) => setFq(event.currentTarget.value)} onBlur={apply} spellCheck={false} classNames={{ input: 'mono' }} />
              <TextInput label="To the top" description="What matches this filter comes first" value={boost} onChange={(event) => setBoost(event.currentTarget.value)} onBlur={apply} spellCheck={false} classNames={{ input: 'mono' }} />
              <Select
                label="Variety"
                description="The same value only every third place"
                clearable
                placeholder="As it comes"
                value={rules.vary === '' ? null : rules.vary}
                onChange={(value) => onChange({ ...rules, vary: value ?? '' })}
                data={[
                  { value: 'brand', label: 'by brand' },
                  { value: 'categories', label: 'by category' },
                  { value: 'color', label: 'by colour' },
                ]}
              />
              {isSearch && <NumberInput label="Personalisation" description="0 for none, 1 as usual, up to 5" min={0} max={5} step={0.5} value={rules.weight} onChange={(value) => onChange({ ...rules, weight: typeof value === 'number' ? value : 1 })} />}
            </SimpleGrid>
            <Switch mt="md" label="Say why each product is there" checked={rules.explain} onChange={(event) => onChange({ ...rules, explain: event.currentTarget.checked })} />
            <button type="submit" hidden />
          </form>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  )
}
