import { Button, Menu } from '@mantine/core'
import { Icon } from '../../parts/Icon'
import { useEnvironment } from '../../shell/environment'

/** What the table shows, as a file. */
export function ExportMenu({ set, filters }: { set: 'products' | 'users' | 'interactions'; filters: Record<string, string | undefined> }) {
  const environment = useEnvironment()
  const address = (format: string) => `/dojo/api/${environment}/export/${set}?${new URLSearchParams(Object.entries({ ...filters, format }).filter((one): one is [string, string] => one[1] !== undefined && one[1] !== ''))}`
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<Icon name="download" size={16} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>All that match, as a file</Menu.Label>
        <Menu.Item component="a" href={address('csv')} download>
          CSV, for a spreadsheet
        </Menu.Item>
        <Menu.Item component="a" href={address('jsonl')} download>
          JSON Lines, complete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
