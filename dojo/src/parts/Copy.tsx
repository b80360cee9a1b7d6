import { ActionIcon, Button, CopyButton, Tooltip } from '@mantine/core'
import { Icon } from './Icon'

export function Copy({ text, label, named = false }: { text: string; label: string; named?: boolean }) {
  return (
    <CopyButton value={text} timeout={1600}>
      {({ copied, copy }) =>
        named ? (
          <Button size="xs" variant="default" onClick={copy} leftSection={<Icon name={copied ? 'check' : 'copy'} size={15} />}>
            {copied ? 'Copied' : label}
          </Button>
        ) : (
          <Tooltip label={copied ? 'Copied' : label}>
            <ActionIcon variant="subtle" color="gray" onClick={copy} aria-label={copied ? 'Copied' : label}>
              <Icon name={copied ? 'check' : 'copy'} size={16} />
            </ActionIcon>
          </Tooltip>
        )
      }
    </CopyButton>
  )
}

/** Text as it is, to read and to scroll by keyboard. */
export function Code({ children, label }: { children: string; label: string }) {
  return (
    // A region that scrolls must be reachable without a mouse.
    <pre className="code" tabIndex={0} role="region" aria-label={label}>
      {children}
    </pre>
  )
}

export const Json = ({ value, label }: { value: unknown; label: string }) => <Code label={label}>{JSON.stringify(value, null, 2) ?? ''}</Code>
