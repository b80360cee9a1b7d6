import { ActionIcon, Button, Group, Select, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { SearchSetup } from '../../api/setup'
import { facetLabel } from '../../parts/Facets'
import { Icon } from '../../parts/Icon'
import { Failed } from '../../parts/States'
import { useSave } from './save'

/** What visitors narrow a search by, in the order in which it is offered. */
export function OfferedFacets({ set, readOnly }: { set: SearchSetup; readOnly: boolean }) {
  const [facets, setFacets] = useState(set.facets)
  const save = useSave<SearchSetup>('search', 'The facets are offered as you set them.')
  const isChanged = JSON.stringify(facets) !== JSON.stringify(set.facets)
  const others = set.fields.filter(({ name, facet }) => facet && !facets.includes(name))
  const move = (at: number, by: number) => {
    const next = [...facets]
    next.splice(at + by, 0, ...next.splice(at, 1))
    setFacets(next)
  }
  return (
    <Stack gap="sm" maw={560}>
      <Text size="sm" c="dimmed">
        Sandbox and storefront offer them beside the results; a facet that no product of the results has is left out. Your own shop names the facets that it wants in each search.
      </Text>
      <ol className="facets" aria-label="Facets">
        {facets.map((name, at) => (
          <li key={name} data-facet={name}>
            <span>{facetLabel(name)}</span>
            {!readOnly && (
              <Group gap={2} wrap="nowrap">
                <ActionIcon variant="subtle" color="gray" disabled={at === 0} onClick={() => move(at, -1)} aria-label={`Move ${facetLabel(name)} up`}>
                  <Icon name="up" size={16} />
                </ActionIcon>
                <ActionIcon variant="subtle" color="gray" disabled={at === facets.length - 1} onClick={() => move(at, 1)} aria-label={`Move ${facetLabel(name)} down`}>
                  <Icon name="down" size={16} />
                </ActionIcon>
                <ActionIcon variant="subtle" color="gray" onClick={() => setFacets(facets.filter((one) => one !== name))} aria-label={`Do not offer ${facetLabel(name)}`}>
                  <Icon name="close" size={15} />
                </ActionIcon>
              </Group>
            )}
          </li>
        ))}
      </ol>
      {facets.length === 0 && <Text size="sm">None: results are not narrowed by facets.</Text>}
      {!readOnly && (
        <Select
          // Made anew after each choice: it is for choosing, and shows none.
          key={facets.join()}
          aria-label="Offer another facet"
          placeholder="Offer another facet"
          searchable
          data={others.map(({ name }) => ({ value: name, label: facetLabel(name) }))}
          value={null}
          onChange={(name) => name !== null && setFacets([...facets, name])}
          w={260}
        />
      )}
      {save.isError && <Failed error={save.error} title="It was not saved" />}
      {!readOnly && (
        <Group gap="xs">
          <Button onClick={() => save.mutate({ facets })} disabled={!isChanged} loading={save.isPending}>
            Save
          </Button>
          {isChanged && (
            <Button variant="default" onClick={() => setFacets(set.facets)}>
              Undo
            </Button>
          )}
          {!isChanged && set.facets_are_own && (
            <Button variant="default" onClick={() => save.mutate({ facets: null }, { onSuccess: (saved) => setFacets(saved.facets) })}>
              As a rule
            </Button>
          )}
        </Group>
      )}
    </Stack>
  )
}
