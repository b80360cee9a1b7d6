import { Modal, Text, TextInput } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useId, useMemo, useState } from 'react'
import { environments } from '../api/client'
import { Icon, type IconName } from '../parts/Icon'
import { look, samePlace, useEnvironment } from './environment'
import { navigation } from './navigation'

interface Entry {
  label: string
  note: string
  icon: IconName
  go: () => void
}

/** Pages by their names, environments, and records by what was typed: Ctrl+K, or the button in the header. */
export function Palette({ opened, open, close }: { opened: boolean; open: () => void; close: () => void }) {
  useHotkeys([['mod+K', open]], [])
  return (
    <Modal opened={opened} onClose={close} withCloseButton={false} padding={0} size="lg" yOffset="12vh" centered={false} title="Go to" styles={{ header: { display: 'none' } }} transitionProps={{ duration: 80 }}>
      <Choices close={close} />
    </Modal>
  )
}

function Choices({ close }: { close: () => void }) {
  const environment = useEnvironment()
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const [place, setPlace] = useState(0)
  const list = useId()
  const entries = useMemo(() => {
    const words = typed.trim().toLowerCase().split(/\s+/)
    const fits = ({ label, note }: Entry) => words.every((word) => `${label} ${note}`.toLowerCase().includes(word))
    const pages: Entry[] = navigation.map((page) => ({ label: page.label, note: page.about, icon: page.icon, go: () => void navigate({ to: page.to, params: { environment } }) }))
    const places: Entry[] = environments
      .filter((name) => name !== environment)
      .map((name) => ({ label: `Go to ${look[name].label}`, note: look[name].note, icon: 'right', go: () => void navigate({ to: samePlace(location.pathname.replace(/^\/dojo/, ''), name) }) }))
    const found = [...pages, ...places].filter(fits)
    const q = typed.trim()
    if (q !== '') {
      found.push(
        { label: `Products with “${q}”`, note: 'Data', icon: 'search', go: () => void navigate({ to: '/$environment/data/products', params: { environment }, search: { q } }) },
        { label: `People with “${q}”`, note: 'Data', icon: 'person', go: () => void navigate({ to: '/$environment/data/users', params: { environment }, search: { q } }) },
        { label: `Search the shop for “${q}”`, note: 'Sandbox', icon: 'sandbox', go: () => void navigate({ to: '/$environment/sandbox', params: { environment }, search: { ask: 'search', q } }) },
      )
    }
    return found
  }, [typed, environment, navigate])
  const chosen = Math.min(place, entries.length - 1)
  const take = (entry: Entry | undefined) => {
    if (entry === undefined) return
    close()
    entry.go()
  }
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setPlace((chosen + step + entries.length) % entries.length)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      take(entries[chosen])
    }
  }
  return (
    <>
      <TextInput
        data-autofocus
        size="md"
        variant="unstyled"
        px="md"
        py={6}
        placeholder="A page, an environment, a product, a person"
        aria-label="Go to"
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={entries.length > 0 ? `${list}-${chosen}` : undefined}
        leftSection={<Icon name="search" size={17} />}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          setPlace(0)
        }}
        onKeyDown={press}
      />
      <div id={list} role="listbox" aria-label="Where to go" className="palette">
        {entries.map((entry, at) => (
          // The keyboard is with the input above; a click is for the mouse.
          <div key={entry.label} id={`${list}-${at}`} role="option" aria-selected={at === chosen} className="palette-entry" onMouseEnter={() => setPlace(at)} onClick={() => take(entry)}>
            <Icon name={entry.icon} size={17} />
            <span>{entry.label}</span>
            <Text size="xs" c="dimmed" component="span" truncate>
              {entry.note}
            </Text>
          </div>
        ))}
      </div>
    </>
  )
}
