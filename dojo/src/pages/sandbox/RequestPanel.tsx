import { Accordion, Group, SegmentedControl, Tabs } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { Code, Copy, Json } from '../../parts/Copy'
import { type Language, type Request, snippet } from './snippets'

/** The request behind what is shown, as code to take along, and the answer as it came. */
export function RequestPanel({ request, answer }: { request: Request; answer: unknown }) {
  const [language, setLanguage] = useLocalStorage<Language>({ key: 'tamari-dojo-language', defaultValue: 'curl' })
  const code = snippet(language, request, 'YOUR_SECRET_KEY')
  return (
    <Accordion variant="default" mt="md" chevronPosition="left">
      <Accordion.Item value="request" style={{ borderBottom: 0 }}>
        <Accordion.Control>Request and answer</Accordion.Control>
        <Accordion.Panel>
          <Tabs defaultValue="request" keepMounted={false}>
            <Tabs.List mb="sm">
              <Tabs.Tab value="request">Request</Tabs.Tab>
              <Tabs.Tab value="answer">Answer</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="request">
              <Group justify="space-between" mb="xs">
                <SegmentedControl
                  size="xs"
                  aria-label="Language of the code"
                  value={language}
                  onChange={(value) => setLanguage(value as Language)}
                  data={[
                    { value: 'curl', label: 'curl' },
                    { value: 'javascript', label: 'JavaScript' },
                    { value: 'python', label: 'Python' },
                  ]}
                />
                <Copy text={code} label="Copy" named />
              </Group>
              <Code label="The request as code">{code}</Code>
            </Tabs.Panel>
            <Tabs.Panel value="answer">
              <Group justify="flex-end" mb="xs">
                <Copy text={JSON.stringify(answer, null, 2) ?? ''} label="Copy" named />
              </Group>
              <Json value={answer} label="The answer as JSON" />
            </Tabs.Panel>
          </Tabs>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  )
}
