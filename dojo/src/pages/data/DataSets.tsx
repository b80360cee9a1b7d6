import { Button, Tabs } from '@mantine/core'
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { Icon } from '../../parts/Icon'
import { PageHead } from '../../parts/States'
import { isReadOnly, useEnvironment } from '../../shell/environment'

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
  const { pathname } = useLocation()
  const set = sets.find(({ name }) => pathname.includes(`/data/${name}`))?.name ?? 'products'
  return (
    <>
      <PageHead
        title="Data"
        actions={
          isReadOnly(environment) ? undefined : (
            <Button component={Link} to={`/${environment}/data/upload${set === 'quality' ? '' : `?set=${set}`}`} leftSection={<Icon name="upload" size={16} />}>
              Upload
            </Button>
          )
        }
      >
        {isReadOnly(environment) ? 'The sample shop: look, search and filter. To work with your own data, choose Development above.' : 'What Tamari knows: your catalogue, the people, and what they did.'}
      </PageHead>
      <Tabs value={set} onChange={(value) => void navigate({ to: `/${environment}/data/${value}` })} mb="lg">
        <Tabs.List aria-label="Data sets">
          {sets.map(({ name, label }) => (
            <Tabs.Tab key={name} value={name} aria-controls="data-set">
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <div id="data-set">
        <Outlet />
      </div>
    </>
  )
}
