import { ActionIcon, AppShell, Burger, Button, Group, Menu, Text, Tooltip, UnstyledButton, useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { type CSSProperties, useEffect } from 'react'
import { call, environments } from '../api/client'
import { Icon, type IconName } from '../parts/Icon'
import { look, rememberEnvironment, samePlace, useEnvironment } from './environment'
import { navigation } from './navigation'

export function Shell() {
  const environment = useEnvironment()
  const [opened, { toggle, close }] = useDisclosure()
  const { pathname } = useLocation()
  useEffect(close, [pathname, close])
  useEffect(() => rememberEnvironment(environment), [environment])
  const color = { '--environment': `var(--mantine-color-${look[environment].color}-6)` } as CSSProperties
  return (
    <AppShell header={{ height: 58 }} navbar={{ width: 216, breakpoint: 'sm', collapsed: { mobile: !opened } }} style={color}>
      <a className="skip" href="#main">
        Skip to the page
      </a>
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
          <SchemeSwitch />
          <SignOut />
        </div>
      </AppShell.Header>
      <AppShell.Navbar>
        <nav className="nav" aria-label="Pages">
          {navigation.map((entry) => (
            <Link key={entry.to} to={entry.to} params={{ environment }} activeOptions={{ exact: false }}>
              <Icon name={entry.icon as IconName} size={17} />
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
          <Outlet />
        </div>
      </AppShell.Main>
    </AppShell>
  )
}

export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <path d="M3.5 7.5c4 1.2 8 1.7 12.5 1.7s8.5-.5 12.5-1.7M6.5 14.5h19M10.5 9v19M21.5 9v19" stroke="currentColor" strokeWidth="2.7" strokeLinecap="round" fill="none" />
    </svg>
  )
}

function EnvironmentSwitch() {
  const environment = useEnvironment()
  const navigate = useNavigate()
  const { pathname } = useLocation()
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
            onClick={() => void navigate({ to: samePlace(pathname, name) })}
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

function SignOut() {
  const client = useQueryClient()
  const leave = async () => {
    await call('session', { method: 'DELETE' }).catch(() => undefined)
    // What was read must not be on the screen for whoever comes next.
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
    client.setQueryData(['session'], { signed_in: false })
  }
  return (
    <UnstyledButton onClick={() => void leave()} style={{ color: 'inherit' }}>
      <Group gap={6}>
        <Icon name="out" />
        <Text size="sm" component="span" visibleFrom="sm" inherit>
          Sign out
        </Text>
        <Text size="sm" component="span" className="visually-hidden" hiddenFrom="sm">
          Sign out
        </Text>
      </Group>
    </UnstyledButton>
  )
}
