import { Button, Group, NativeSelect, Stack, Text, Textarea } from '@mantine/core'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { ApiError } from '../../api/client'
import { stopWordsQuery, type StopWords, synonymsQuery, type Synonyms } from '../../api/queries'
import { type SearchSetup, useSearchSetup } from '../../api/setup'
import { exactly } from '../../format'
import { Empty, Failed, Loaded, Section } from '../../parts/States'
import { isReadOnly, isSample, useEnvironment } from '../../shell/environment'
import { needs } from '../../shell/session'
import { OfferedFacets } from './OfferedFacets'
import { useSave } from './save'
import { SearchedFields } from './SearchedFields'

const names = new Intl.DisplayNames(undefined, { type: 'language' })
const nameOf = (code: string) => {
  try {
    return names.of(code) ?? code
  } catch {
    return code
  }
}

/** What the words of this environment mean, and how its texts are read. In force as soon as it is saved. */
export function SearchSettings() {
  const environment = useEnvironment()
  const readOnly = isReadOnly(environment)
  const setup = useSearchSetup()
  const synonyms = useQuery(synonymsQuery(environment))
  const words = useQuery(stopWordsQuery(environment))
  return (
    <Stack gap="lg">
      {readOnly && (
        <Text size="sm" c="dimmed">
          {isSample(environment) ? 'The sample shop is read-only: look at its settings here, and change them in Development or Production.' : needs('editor')}
        </Text>
      )}
      <Section title="Primary language">
        <Known query={setup}>{(set) => <PrimaryLanguage key={set.primary_language} set={set} readOnly={readOnly} />}</Known>
      </Section>
      <Section title="What is searched" aside={setup.data?.rebuilding === true ? <Text size="xs" c="dimmed" role="status">The text index is being built anew…</Text> : undefined}>
        <Known query={setup}>{(set) => <SearchedFields key={environment} set={set} readOnly={readOnly} />}</Known>
      </Section>
      <Section title="Facets">
        <Known query={setup}>{(set) => <OfferedFacets key={environment} set={set} readOnly={readOnly} />}</Known>
      </Section>
      <Section title="Synonyms">
        <Known query={synonyms}>{(set) => <SynonymText key={set.solr} set={set} readOnly={readOnly} />}</Known>
      </Section>
      <Section title="Stop words">
        <Known query={words}>{(set) => <StopWordText set={set} initial={setup.data?.primary_language ?? 'en'} readOnly={readOnly} />}</Known>
      </Section>
    </Stack>
  )
}

/** A server without these settings says 404; then there is nothing to set, and that is no error. */
function Known<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  if (query.error instanceof ApiError && query.error.status === 404) return <Empty icon="settings" title="This server does not know this setting" />
  return (
    <Loaded query={query} rows={3}>
      {children}
    </Loaded>
  )
}

function PrimaryLanguage({ set, readOnly }: { set: SearchSetup; readOnly: boolean }) {
  const [chosen, setChosen] = useState(set.primary_language)
  const save = useSave<SearchSetup>('search', 'Saved. The text index is built anew beside the one that serves.')
  const counts = Object.entries(set.products_by_language).sort((a, b) => b[1] - a[1])
  return (
    <Stack gap="sm" maw={640}>
      <Text size="sm" c="dimmed">
        How words are cut to their stems, for products that do not say their language.
      </Text>
      <Group gap="xs" align="flex-end">
        <NativeSelect aria-label="Primary language" data={set.supported_languages.map((code) => ({ value: code, label: nameOf(code) }))} value={chosen} onChange={(event) => setChosen(event.currentTarget.value)} disabled={readOnly} w={260} />
        {!readOnly && (
          <Button onClick={() => save.mutate({ primary_language: chosen })} disabled={chosen === set.primary_language} loading={save.isPending}>
            Save
          </Button>
        )}
      </Group>
      {set.rebuilding && <Text size="sm">The text index is being built anew; until then answers come from the one before.</Text>}
      {counts.length > 0 && (
        <Text size="sm" c="dimmed">
          Products by language: {counts.map(([code, count]) => `${nameOf(code)} ${exactly(count)}`).join(', ')}
        </Text>
      )}
      {save.isError && <Failed error={save.error} title="It was not saved" />}
    </Stack>
  )
}

function SynonymText({ set, readOnly }: { set: Synonyms; readOnly: boolean }) {
  const [typed, setTyped] = useState(set.solr)
  const save = useSave<Synonyms>('synonyms', 'The synonyms are in force.')
  return (
    <Stack gap="sm" maw={640}>
      <Textarea
        label="One rule a line"
        description="trainers, sneakers: each finds the other. tee => t-shirt: one way only. # begins a note."
        classNames={{ input: 'mono grows' }}
        rows={5}
        spellCheck={false}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        readOnly={readOnly}
      />
      {save.isError && <Failed error={save.error} title="They were not saved" />}
      {!readOnly && (
        <Group gap="xs">
          <Button onClick={() => save.mutate({ solr: typed })} disabled={typed === set.solr} loading={save.isPending}>
            Save
          </Button>
          {typed !== set.solr && (
            <Button variant="default" onClick={() => setTyped(set.solr)}>
              Undo
            </Button>
          )}
        </Group>
      )}
    </Stack>
  )
}

function StopWordText({ set, initial, readOnly }: { set: StopWords; initial: string; readOnly: boolean }) {
  const [code, setLanguage] = useState(initial)
  const present = (set.stop_words[code] ?? []).join(' ')
  const [typed, setTyped] = useState<string>()
  const save = useSave<StopWords>('stop_words', 'The stop words are in force.')
  const own = Object.fromEntries(set.own.map((one) => [one, set.stop_words[one] ?? []]))
  const list = (text: string) => text.split(/[\s,]+/).filter((word) => word !== '')
  const done = { onSuccess: () => setTyped(undefined) }
  return (
    <Stack gap="sm" maw={640}>
      <Text size="sm" c="dimmed">
        Words that a search may leave out, such as “the”: a product need not contain them.
      </Text>
      <NativeSelect
        aria-label="Language of the stop words"
        data={Object.keys(set.stop_words).map((one) => ({ value: one, label: `${nameOf(one)}${set.own.includes(one) ? ', your own' : ''}` }))}
        value={code}
        onChange={(event) => {
          setLanguage(event.currentTarget.value)
          setTyped(undefined)
        }}
        w={260}
      />
      <Textarea aria-label={`Stop words of ${nameOf(code)}`} classNames={{ input: 'grows' }} rows={3} spellCheck={false} value={typed ?? present} onChange={(event) => setTyped(event.currentTarget.value)} readOnly={readOnly} />
      {save.isError && <Failed error={save.error} title="They were not saved" />}
      {!readOnly && (
        <Group gap="xs">
          <Button onClick={() => save.mutate({ stop_words: { ...own, [code]: list(typed ?? present) } }, done)} disabled={typed === undefined || typed === present} loading={save.isPending}>
            Save
          </Button>
          {set.own.includes(code) && (
            <Button variant="default" onClick={() => save.mutate({ stop_words: { ...own, [code]: null } }, done)}>
              Back to the defaults
            </Button>
          )}
        </Group>
      )}
    </Stack>
  )
}
