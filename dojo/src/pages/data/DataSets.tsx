import { ActionIcon, Button, Menu, Tabs } from '@mantine/core'
import { useState } from 'react'
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { Icon } from '../../parts/Icon'
import { PageHead } from '../../parts/States'
import { isReadOnly, isSample, useEnvironment } from '../../shell/environment'
import { type Scope, WipeData } from './WipeData'

const sets = [
  { name: 'products', label: 'Products' },
  { name: 'users', label: 'Visitors and users' },
  { name: 'interactions', label: 'Interactions' },
  { name: 'quality', label: 'Quality' },
]

/** What the environment holds. */
export function DataSets() {
  const environment = useEnvironment()
  const navigate = useNavigate()
  const [wiping, setWiping] = useState<Scope>()
  const { pathname } = useLocation()
  const set = sets.find(({ name }) => pathname.includes(`/data/${name}`))?.name ?? 'products'
  return (
    <>
      <PageHead
        title="Data"
        actions={
          isReadOnly(environment) ? undefined : (
            <>
            <Button component={Link} to={`/${environment}/data/upload${set === 'quality' ? '' : `?set=${set}`}`} leftSection={<Icon name="upload" size={16} />}>
              Upload
            </Button>
            <Menu position="bottom-end" width={240}>
              <Menu.Target>
                <ActionIcon variant="default" size={36} aria-label="More with the data">
                  <Icon name="more" size={18} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                {set !== 'quality' && <Menu.Item c="var(--mantine-color-error)" onClick={() => setWiping(set as Scope)}>Wipe all {set}…</Menu.Item>}
                <Menu.Item c="var(--mantine-color-error)" onClick={() => setWiping('everything')}>Wipe everything here…</Menu.Item>
              </Menu.Dropdown>
            </Menu>
            </>
          )
        }
      >
        {isSample(environment) ? 'The sample shop: look, search and filter. To work with your own data, choose Development above.' : 'What Tamari knows: your catalogue, the people, and what they did.'}
      </PageHead>
      <Tabs value={set} onChange={(value) => void navigate({ to: `/${environment}/data/${value}` })} mb="lg">
        <Tabs.List aria-label="Data sets" className="tab-list">
          {sets.map(({ name, label }) => (
            <Tabs.Tab key={name} value={name} aria-controls="data-set">
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      {wiping !== undefined && <WipeData scope={wiping} close={() => setWiping(undefined)} />}
      <div id="data-set">
        <Outlet />
      </div>
    </>
  )
}
