import { Button, Combobox, Group, Loader, ScrollArea, Text, TextInput, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api/client'
import type { PersonRow } from '../../api/types'
import { ago, exactly } from '../../format'
import { Icon } from '../../parts/Icon'
import { Section } from '../../parts/States'
import { useEnvironment } from '../../shell/environment'
import { newAnonymous, type Visitor } from './visitor'

/** Who one is: a visitor of the data set, or a new one. */
export function VisitorPicker({ visitor, onChange }: { visitor: Visitor; onChange: (visitor: Visitor) => void }) {
  const environment = useEnvironment()
  const [typed, setTyped] = useState('')
  const [wanted] = useDebouncedValue(typed, 180)
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const people = useQuery({
    queryKey: [environment, 'people', wanted, 'pick'],
    queryFn: () => call<{ people: PersonRow[] }>(`${environment}/people?rows=30&q=${encodeURIComponent(wanted)}`),
    enabled: combobox.dropdownOpened,
    placeholderData: (before) => before,
  })
  const choose = (value: string) => {
    const at = value.indexOf(':')
    onChange({ kind: value.slice(0, at) as Visitor['kind'], id: value.slice(at + 1) })
    setTyped('')
    combobox.closeDropdown()
  }
  return (
    <Section title="You are">
      <Group gap={8} wrap="nowrap" mb="sm">
        <Icon name="person" />
        <div style={{ minWidth: 0 }}>
          <Text fw={600} size="sm" className="mono" data-testid="visitor">
            {visitor.id}
          </Text>
          <Text size="xs" c="dimmed">
            {visitor.kind === 'user' ? 'a user of your data' : 'an anonymous visitor'}
          </Text>
        </div>
      </Group>
      <Combobox store={combobox} onOptionSubmit={choose}>
        <Combobox.Target>
          <TextInput
            label="Be somebody else"
            placeholder="Part of an id"
            size="sm"
            value={typed}
            leftSection={<Icon name="search" size={15} />}
            rightSection={people.isFetching ? <Loader size="xs" /> : null}
            onChange={(event) => {
              setTyped(event.currentTarget.value)
              combobox.openDropdown()
              combobox.updateSelectedOptionIndex()
            }}
            onClick={() => combobox.openDropdown()}
            onFocus={() => combobox.openDropdown()}
            onBlur={() => combobox.closeDropdown()}
          />
        </Combobox.Target>
        <Combobox.Dropdown>
          <Combobox.Options aria-label="Visitors">
            <ScrollArea.Autosize mah={280} type="auto">
              {(people.data?.people ?? []).map((person) => {
                const id = person.user_id ?? person.anonymous_id ?? ''
                return (
                  <Combobox.Option key={id} value={`${person.user_id === null ? 'anonymous' : 'user'}:${id}`}>
                    <Text size="sm" className="mono">
                      {id}
                    </Text>
                    <Text size="xs" c="dimmed">
                      {exactly(person.interactions)} interactions{person.latest_ms === null ? '' : ` · ${ago(person.latest_ms)}`}
                    </Text>
                  </Combobox.Option>
                )
              })}
              {people.data?.people.length === 0 && <Combobox.Empty>Nobody has such an id</Combobox.Empty>}
            </ScrollArea.Autosize>
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      <Button mt="sm" size="xs" variant="default" fullWidth onClick={() => onChange({ kind: 'anonymous', id: newAnonymous() })}>
        New anonymous visitor
      </Button>
    </Section>
  )
}
