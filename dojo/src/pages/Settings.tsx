import { Tabs } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { PageHead } from '../parts/States'
import { settingsParts, type SettingsPart } from '../routes'
import { look, useEnvironment } from '../shell/environment'
import { Accounts } from './settings/Accounts'
import { Backups } from './settings/Backups'
import { Retention } from './settings/Retention'
import { SearchSettings } from './settings/SearchSettings'
import { Server } from './settings/Server'
import { You } from './settings/You'

const parts: Record<SettingsPart, { label: string; show: () => ReactNode }> = {
  search: { label: 'Search', show: () => <SearchSettings /> },
  retention: { label: 'Retention', show: () => <Retention /> },
  backups: { label: 'Backups', show: () => <Backups /> },
  accounts: { label: 'Accounts', show: () => <Accounts /> },
  you: { label: 'You', show: () => <You /> },
  server: { label: 'Server', show: () => <Server /> },
}

export function Settings() {
  const environment = useEnvironment()
  const { part = settingsParts[0] } = useSearch({ from: '/$environment/settings' })
  const navigate = useNavigate({ from: '/$environment/settings' })
  return (
    <>
      <PageHead title="Settings">Search, retention and backups are those of {look[environment].label}; accounts and server are the same everywhere.</PageHead>
      <Tabs value={part} onChange={(value) => void navigate({ search: { part: settingsParts.find((name) => name === value) } })} keepMounted={false}>
        <Tabs.List mb="lg" aria-label="Settings" className="tab-list">
          {settingsParts.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {parts[name].label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={part}>{parts[part].show()}</Tabs.Panel>
      </Tabs>
    </>
  )
}
