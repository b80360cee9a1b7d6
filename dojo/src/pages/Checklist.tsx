import { Anchor, CloseButton, Group, Paper, Text, Title } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { EnvironmentName } from '../api/client'
import type { Overview } from '../api/types'
import { count } from '../format'
import { Badge } from '../parts/Badge'
import { Icon } from '../parts/Icon'
import { isReadOnly, isSample, useEnvironment } from '../shell/environment'
import { may } from '../shell/session'

interface Step {
  title: string
  done: boolean
  text: string
  link?: { to: string; label: string }
}

/** What a person has seen of an environment in this browser; the rest the server knows. */
export function useSeen() {
  const environment = useEnvironment()
  return useLocalStorage<string[]>({ key: `tamari-dojo-seen-${environment}`, defaultValue: [], getInitialValueInEffect: false })
}

/** The way from nothing to recommendations, until it is walked or put away. */
export function Checklist({ figures }: { figures: Overview }) {
  const environment = useEnvironment()
  const [seen, setSeen] = useSeen()
  const steps = stepsOf(figures, environment, seen)
  const next = steps.findIndex((step) => !step.done)
  if (next === -1 || seen.includes('checklist')) return null
  return (
    <Paper component="section" p="lg" aria-label="First steps">
      <Group justify="space-between" align="flex-start" wrap="nowrap" mb="sm">
        <Group gap="sm">
          <Title order={2}>{isSample(environment) ? 'Look around in the sample shop' : 'From your catalogue to recommendations'}</Title>
          <Badge variant="light" color="gray">
            {steps.filter((step) => step.done).length} of {steps.length}
          </Badge>
        </Group>
        <CloseButton aria-label="Put the first steps away" onClick={() => setSeen([...seen, 'checklist'])} />
      </Group>
      <ol className="steps">
        {steps.map((step, place) => (
          <li key={step.title} className="step" data-done={step.done} data-next={place === next}>
            <Group gap={9}>
              <span className="step-mark">{step.done ? <Icon name="check" size={14} /> : place + 1}</span>
              <Text fw={600} size="sm">
                {step.title}
                <span className="visually-hidden">{step.done ? ' (done)' : ''}</span>
              </Text>
            </Group>
            <Text size="xs" c="dimmed" style={{ flex: 1 }}>
              {step.text}
            </Text>
            {step.link !== undefined && <StepLink to={step.link.to}>{step.link.label}</StepLink>}
          </li>
        ))}
      </ol>
    </Paper>
  )
}

const StepLink = ({ to, children }: { to: string; children: ReactNode }) => (
  <Anchor component={Link} to={to} size="sm" fw={550}>
    {children}
  </Anchor>
)

export function stepsOf(figures: Overview, environment: EnvironmentName, seen: string[]): Step[] {
  const at = (page: string) => `/${environment}/${page}`
  const readOnly = isReadOnly(environment)
  // Who may not do a step is told who may.
  const asked = 'An editor does this; ask yours.'
  return [
    {
      title: 'Catalogue',
      done: figures.products > 0,
      text: figures.products > 0 ? `${count(figures.products)} products are in.` : readOnly ? asked : 'Upload your products: a CSV from your shop will do.',
      link: pageLink(at('data/products'), figures.products > 0 ? 'Browse them' : readOnly ? 'See the products' : 'Upload products'),
    },
    {
      title: 'Interactions',
      done: figures.interactions > 0,
      text: figures.interactions > 0 ? `${count(figures.interactions)} are held.` : readOnly ? asked : 'Upload what visitors did so far, or send it live from your shop.',
      link: pageLink(at('data/interactions'), figures.interactions > 0 ? 'Look at them' : readOnly ? 'See the interactions' : 'Upload interactions'),
    },
    {
      title: 'Train',
      done: figures.model !== null,
      text: figures.model !== null ? 'A model is in use.' : readOnly ? asked : figures.interactions === 0 ? 'Once there are interactions: learn from them, in seconds to minutes.' : 'Learn from the interactions; it takes seconds to minutes.',
      link: pageLink(at('engines'), figures.model !== null || readOnly ? 'See the engine' : 'Train the engine'),
    },
    {
      title: 'Sandbox',
      done: seen.includes('sandbox'),
      text: 'Be a visitor, click, and see the recommendations change.',
      link: pageLink(at('sandbox'), 'Try it'),
    },
    {
      title: 'Keys and code',
      done: seen.includes('keys'),
      text: may('editor') ? 'Copy a snippet with your key into your shop.' : 'See how a shop talks to Tamari; the keys are for editors.',
      link: pageLink(at('keys'), 'Get the code'),
    },
  ]
}

const pageLink = (to: string, label: string) => ({ to, label })
