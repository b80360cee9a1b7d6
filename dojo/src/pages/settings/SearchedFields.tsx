import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Importance, SearchedField, SearchSetup } from '../../api/setup'
import { count } from '../../format'
import { fieldLabel } from '../../parts/Facets'
import { Icon } from '../../parts/Icon'
import { Levels } from '../../parts/Levels'
import { Failed } from '../../parts/States'
import { Table } from '../../parts/Table'
import { useSave } from './save'

const levels: { value: Importance; label: string }[] = [
  { value: 'ignored', label: 'Off' },
  { value: 'low', label: 'Less' },
  { value: 'normal', label: 'Normal' },
  { value: 'high', label: 'More' },
]

/** More attributes than this, and there is a box to find one. */
const findFrom = 12

/** In which texts of a product a search looks, and how much a word in each counts. */
export function SearchedFields({ set, readOnly }: { set: SearchSetup; readOnly: boolean }) {
  const [changes, setChanges] = useState<Record<string, Importance>>(set.searched_fields)
  const [wanted, setWanted] = useState('')
  const save = useSave<SearchSetup>('search', 'Saved. Where attributes changed, the text index is built anew beside the one that serves.')
  const searched = set.fields.filter((field) => field.importance !== null)
  const fits = (field: SearchedField) => `${fieldLabel(field.name)} ${field.name}`.toLowerCase().includes(wanted.trim().toLowerCase())
  const level = (name: string) => changes[name] ?? 'normal'
  const own = Object.fromEntries(Object.entries(changes).filter(([, importance]) => importance !== 'normal'))
  const isChanged = JSON.stringify(sorted(own)) !== JSON.stringify(sorted(set.searched_fields))
  return (
    <Stack gap="sm" maw={720}>
      <Text size="sm" c="dimmed">
        A word in the title counts most, then in brand and categories, then in the texts. Turn off what visitors should not find a product by, and let count more what they ask for most.
      </Text>
      {searched.length > findFrom && <TextInput aria-label="Find a field" placeholder="Find a field" leftSection={<Icon name="search" size={16} />} value={wanted} onChange={(event) => setWanted(event.currentTarget.value)} maw={320} />}
      <div className="fields-scroll" tabIndex={0} role="region" aria-label="Searched fields">
        <Table verticalSpacing={5}>
          <Table.Tbody>
            {searched.filter(fits).map((field) => (
              <Table.Tr key={field.name}>
                <Table.Th fw={500} id={`field-${field.name}`}>
                  {fieldLabel(field.name)}
                  {field.products !== null && (
                    <Text size="xs" c="dimmed" fw={400}>
                      {count(field.products)} products
                    </Text>
                  )}
                </Table.Th>
                <Table.Td ta="right">
                  <Levels
                    name={`importance-${field.name}`}
                    labelledby={`field-${field.name}`}
                    // The title is always searched.
                    levels={field.name === 'title' ? levels.slice(1) : levels}
                    value={level(field.name)}
                    onChange={(value) => setChanges({ ...changes, [field.name]: value })}
                    disabled={readOnly}
                  />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      {save.isError && <Failed error={save.error} title="It was not saved" />}
      {!readOnly && (
        <Group gap="xs">
          <Button onClick={() => save.mutate({ searched_fields: own })} disabled={!isChanged} loading={save.isPending}>
            Save
          </Button>
          {isChanged && (
            <Button variant="default" onClick={() => setChanges(set.searched_fields)}>
              Undo
            </Button>
          )}
          {!isChanged && Object.keys(set.searched_fields).length > 0 && (
            <Button variant="default" onClick={() => save.mutate({ searched_fields: null }, { onSuccess: () => setChanges({}) })}>
              All as a rule
            </Button>
          )}
        </Group>
      )}
    </Stack>
  )
}

const sorted = (changes: Record<string, Importance>) => Object.entries(changes).sort(([a], [b]) => (a < b ? -1 : 1))
