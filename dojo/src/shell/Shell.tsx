import { ActionIcon, AppShell, Burger, Button, Menu, Text, Tooltip, UnstyledButton, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useLocation, useNavigate, useRouter } from '@tanstack/react-router'
import { type CSSProperties, useEffect } from 'react'
import { call, type EnvironmentName, environments } from '../api/client'
import { askBefore } from '../api/queries'
import { Icon } from '../parts/Icon'
import { look, rememberEnvironment, samePlace, useEnvironment } from './environment'
import { Mark } from './Mark'
import { navigation } from './navigation'
import { Palette } from './Palette'
import { may, noteSession, roleLook, useSession } from './session'

export function Shell() {
  const environment = useEnvironment()
  const [opened, { toggle, close }] = useDisclosure()
  const [searching, palette] = useDisclosure()
  useEffect(() => rememberEnvironment(environment), [environment])
  const ask = usePagesAtHand()
  const color = { '--environment': `var(--mantine-color-${look[environment].color}-6)` } as CSSProperties
  return (
    <AppShell header={{ height: 58 }} navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !opened } }} style={color}>
      <Arrival environment={environment} close={close} />
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <Palette opened={searching} open={palette.open} close={palette.close} />
      <AppShell.Header withBorder={environment !== 'production'}>
        <div className="header" data-environment={environment}>
          <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={opened ? 'Close the menu' : 'Open the menu'} color="currentColor" />
          <Link to="/$environment/overview" params={{ environment }} className="brand" aria-label="Tamari Dojo, to the overview">
            <Mark />
            <Text component="span" inherit visibleFrom="xs">
              Dojo
            </Text>
          </Link>
          <EnvironmentSwitch />
          <div style={{ flex: 1 }} />
          <Tooltip label="Go to a page or a record (Ctrl+K)">
            <ActionIcon variant="transparent" c="inherit" onClick={palette.open} aria-label="Go to a page or a record" size="lg">
              <Icon name="search" />
            </ActionIcon>
          </Tooltip>
          <SchemeSwitch />
          <Account />
        </div>
      </AppShell.Header>
      <AppShell.Navbar>
        <nav className="nav" aria-label="Pages">
          {navigation.map((entry) => (
            <Link key={entry.to} to={entry.to} params={{ environment }} activeOptions={{ exact: false }} onPointerEnter={() => ask(entry.page)} onFocus={() => ask(entry.page)}>
              <Icon name={entry.icon} size={17} />
              {entry.label}
            </Link>
          ))}
          <span className="nav-space" />
          <a href="/docs/" target="_blank" rel="noreferrer">
            <Icon name="code" size={17} />
            API browser
          </a>
        </nav>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} style={{ background: 'var(--page)' }}>
        <div style={{ maxWidth: 1240, margin: '0 auto', padding: '26px clamp(14px, 3vw, 34px) 64px' }}>
          {!may('editor') && (
            <Text size="sm" className="role-note" role="note">
              <Icon name="eye" size={16} /> You are signed in as viewer: you see everything and change nothing.
            </Text>
          )}
          <Outlet />
        </div>
      </AppShell.Main>
    </AppShell>
  )
}

/** What follows each move: the title, and the menu of a phone that closes. Apart, so that the frame is not drawn anew with each. */
function Arrival({ environment, close }: { environment: EnvironmentName; close: () => void }) {
  const { pathname } = useLocation()
  const page = navigation.find(({ to }) => pathname.startsWith(to.replace('$environment', environment)))
  useEffect(() => {
    document.title = [page?.label, look[environment].label, 'Dojo'].filter(Boolean).join(' · ')
  }, [page, environment])
  useEffect(close, [pathname, close])
  return null
}

/**
 * Fetches the code of the other pages, and what they show first, once this one has come to rest: a move to them waits for nothing.
 * Gives what asks for one page, for whoever points at it.
 */
function usePagesAtHand() {
  const router = useRouter()
  const client = useQueryClient()
  const environment = useEnvironment()
  const ask = (page: string) => askBefore(client, environment, page)
  useEffect(() => {
    // One after the other, so that none of it is in the way of what is on the screen.
    let at = 0
    const next = () => {
      const page = navigation[at]
      if (page === undefined) return
      at += 1
      void router.preloadRoute({ to: page.to, params: { environment } }).catch(() => undefined)
      askBefore(client, environment, page.page)
      wait = window.setTimeout(next, 120)
    }
    // A moment after the page: its own figures go first.
    let wait = window.setTimeout(next, 1_000)
    return () => window.clearTimeout(wait)
  }, [router, client, environment])
  return ask
}

function EnvironmentSwitch() {
  const environment = useEnvironment()
  const navigate = useNavigate()
  const router = useRouter()
  const production = environment === 'production'
  return (
    <Menu width={260} position="bottom-start" shadow="md">
      <Menu.Target>
        <Button
          variant={production ? 'white' : 'light'}
          color={look[environment].color}
          c={production ? 'shu.8' : undefined}
          size="compact-md"
          fz="sm"
          flex="none"
          px={9}
          rightSection={<Icon name="down" size={15} />}
          aria-label={`Environment: ${look[environment].label}. Choose another`}
          data-testid="environment"
        >
          {look[environment].label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Environments never see each other’s data</Menu.Label>
        {environments.map((name) => (
          <Menu.Item
            key={name}
            onClick={() => void navigate({ to: samePlace(router.state.location.pathname, name) })}
            leftSection={<span style={{ width: 11, height: 11, borderRadius: 4, background: `var(--mantine-color-${look[name].color}-6)`, display: 'block' }} />}
            rightSection={name === environment ? <Icon name="check" size={16} /> : undefined}
          >
            <Text size="sm" fw={600}>
              {look[name].label}
            </Text>
            <Text size="xs" c="dimmed">
              {look[name].note}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function SchemeSwitch() {
  const { setColorScheme } = useMantineColorScheme()
  const dark = useComputedColorScheme('light') === 'dark'
  const label = dark ? 'Use the light look' : 'Use the dark look'
  return (
    <Tooltip label={label}>
      <ActionIcon variant="transparent" c="inherit" onClick={() => setColorScheme(dark ? 'light' : 'dark')} aria-label={label} size="lg">
        <Icon name={dark ? 'sun' : 'moon'} />
      </ActionIcon>
    </Tooltip>
  )
}

/** Who is signed in, as what, and the way out. */
function Account() {
  const client = useQueryClient()
  const environment = useEnvironment()
  const { data: session } = useSession()
  const role = session?.role ?? 'viewer'
  const leave = async () => {
    await call('session', { method: 'DELETE' }).catch(() => undefined)
    // What was read must not be on the screen for whoever comes next.
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
    client.setQueryData(['session'], noteSession({ signed_in: false }))
  }
  return (
    <Menu width={250} position="bottom-end" shadow="md">
      <Menu.Target>
        <UnstyledButton className="account" aria-label={`Signed in as ${session?.name ?? ''}, ${roleLook[role].label}`} data-testid="account">
          <Icon name="person" />
          <Text size="sm" component="span" visibleFrom="sm" inherit truncate maw={150}>
            {session?.name}
          </Text>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {roleLook[role].label}: {roleLook[role].note.charAt(0).toLowerCase() + roleLook[role].note.slice(1)}
        </Menu.Label>
        <Menu.Item component={Link} to={`/${environment}/settings`} leftSection={<Icon name="settings" size={16} />}>
          Settings
        </Menu.Item>
        <Menu.Item onClick={() => void leave()} leftSection={<Icon name="out" size={16} />}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
